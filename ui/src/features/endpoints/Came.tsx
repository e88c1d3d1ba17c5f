import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { funnelQuery } from "../../api/visitors";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";

/** As many days as Visitors shows unless somebody chooses others. */
const DAYS = 28;

/** How many came for it lately and how many of them bought. */
export function Came({ endpoint: { id } }: { endpoint: EndpointView }) {
  const { data } = useQuery(funnelQuery(usePlatform(), { days: DAYS, endpoint: id }));
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium">{m.endpoints_came()}</h3>
      <p className="min-h-5 text-text-2 tabular-nums">
        {data !== undefined && (
          <>
            {m.endpoints_came_text({
              count: DAYS,
              shown: formatCount(data.shown),
              signed: formatCount(data.signed),
              delivered: formatCount(data.delivered),
            })}{" "}
            <Link
              to="/visitors"
              search={{ endpoint: id }}
              className="font-medium text-accent-text underline-offset-2 hover:underline"
            >
              {m.endpoints_came_more()}
            </Link>
          </>
        )}
      </p>
    </section>
  );
}
