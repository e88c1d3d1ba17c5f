import { useEffect, useState } from "react";
import type { ApiError } from "./api/error";
import { type Status, status } from "./api/status";
import type { Platform } from "./platform/platform";

type Answer = { state: "asking" } | { state: "open"; status: Status } | { state: "failed"; error: ApiError };

/** The only page: what this is, where the stall stands, and how it is run. */
export function Stall({ platform }: { platform: Platform }) {
  const answer = useStatus(platform);
  return (
    <main>
      <h1>Stallkeeper</h1>
      <p className="lead">
        Sells your files from this computer. The money goes straight to your own address.
      </p>
      <section aria-live="polite">
        <Where answer={answer} />
      </section>
      <section>
        <h2>Selling</h2>
        <p>For now the stall is run from the command line:</p>
        <pre>
          <code>
            stallkeeper endpoint add --file photo.jpg --path /photo --price 0.05{"\n"}stallkeeper settle
          </code>
        </pre>
      </section>
    </main>
  );
}

function Where({ answer }: { answer: Answer }) {
  switch (answer.state) {
    case "asking":
      return <p className="quiet">Asking for the stall's address…</p>;
    case "open":
      return (
        <dl>
          <dt>Address</dt>
          <dd className="mono">{answer.status.url}</dd>
          <dt>Environment</dt>
          <dd>{answer.status.environment}</dd>
        </dl>
      );
    case "failed":
      return <p className="failed">{answer.error.message}</p>;
  }
}

function useStatus(platform: Platform): Answer {
  const [answer, setAnswer] = useState<Answer>({ state: "asking" });
  useEffect(() => {
    let shown = true;
    const ask = () =>
      status(platform).then(
        (status) => shown && setAnswer({ state: "open", status }),
        (error: ApiError) => shown && setAnswer({ state: "failed", error }),
      );
    const listening = platform.listen(ask);
    ask();
    return () => {
      shown = false;
      listening.then((stop) => stop());
    };
  }, [platform]);
  return answer;
}
