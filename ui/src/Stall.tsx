import type { EndpointList } from "./api/generated/EndpointList";
import type { Stale } from "./api/generated/Stale";
import type { StatusView } from "./api/generated/StatusView";
import { type Known, useView } from "./api/view";
import { ForSale } from "./ForSale";
import type { Platform } from "./platform/platform";
import { Standing } from "./Standing";

const STATUS: readonly Stale[] = ["settings"];
const ENDPOINTS: readonly Stale[] = ["endpoints", "settings"];

/** The only page: where the stall stands and what it sells. */
export function Stall({ platform }: { platform: Platform }) {
  const status = useView(platform, "status", STATUS);
  const endpoints = useView(platform, "endpoint_list", ENDPOINTS);
  return <Page status={status} endpoints={endpoints} />;
}

/** The page for what is known of the stall. */
export function Page({ status, endpoints }: { status: Known<StatusView>; endpoints: Known<EndpointList> }) {
  return (
    <>
      {status.state === "known" && <Environment name={status.view.environment} />}
      <main>
        <h1>Stallkeeper</h1>
        <p className="lead">
          Sells your files from this computer. The money goes straight to your own address.
        </p>
        <section aria-live="polite">
          <Standing status={status} />
        </section>
        {status.state === "known" && endpoints.state !== "asking" && (
          <section>
            <h2>For sale</h2>
            {endpoints.state === "known" ? (
              <ForSale endpoints={endpoints.view.items} networks={status.view.networks} />
            ) : (
              <p className="failed">{endpoints.error.message}</p>
            )}
          </section>
        )}
      </main>
    </>
  );
}

/** Money that is worth nothing says so across the whole window. */
function Environment({ name }: { name: string }) {
  switch (name) {
    case "practice":
      return <p className="environment">Practice: a private chain on this computer, and play money.</p>;
    case "test":
      return <p className="environment">Test: public test networks, and money that is worth nothing.</p>;
    default:
      return null;
  }
}
