import type { StatusView } from "./api/generated/StatusView";
import type { Known } from "./api/view";

/** Where the stall is reached and where its money goes. */
export function Standing({ status }: { status: Known<StatusView> }) {
  switch (status.state) {
    case "asking":
      return <p className="quiet">Opening the stall…</p>;
    case "failed":
      return <p className="failed">{status.error.message}</p>;
    case "known":
      return <Open status={status.view} />;
  }
}

function Open({ status }: { status: StatusView }) {
  return (
    <dl>
      <dt>Address</dt>
      <dd>
        <span className="mono">{status.url ?? "closed"}</span>
        {isLoopback(status.url) && <span className="quiet"> · reached from this computer only</span>}
      </dd>
      <dt>Environment</dt>
      <dd>{status.environment}</dd>
      {status.networks.map((network) => (
        <div className="pair" key={network.network}>
          <dt>{network.title}</dt>
          <dd>
            {network.ready ? "ready" : <span className="failed">{network.waitingFor}</span>}
            <br />
            {network.payTo === null ? (
              <span className="failed">No payout address is set, so nothing can be sold here.</span>
            ) : (
              <>
                pays out to <span className="mono">{network.payTo}</span>
              </>
            )}
          </dd>
        </div>
      ))}
      {status.networks.length === 0 && (
        <div className="pair">
          <dt>Networks</dt>
          <dd>
            none yet: <code>stallkeeper network set eip155:84532 --rpc URL --pay-to ADDRESS</code>
          </dd>
        </div>
      )}
    </dl>
  );
}

function isLoopback(url: string | null): boolean {
  return url !== null && /^http:\/\/(127\.|localhost|\[::1\])/.test(url);
}
