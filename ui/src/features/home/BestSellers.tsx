import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { formatCount } from "../../lib/money";
import { Card } from "../../ui/Card";
import { Money } from "../../ui/Money";

const SHOWN = 5;

/** What was bought most often, with what is settled of it. Stands only where something was bought. */
export function BestSellers() {
  const { data } = useQuery(endpointsQuery(usePlatform()));
  const best = (data?.items ?? [])
    .filter(({ sales }) => sales > 0)
    .sort((one, other) => other.sales - one.sales)
    .slice(0, SHOWN);
  if (best.length === 0) {
    return null;
  }
  return (
    <Card title={m.home_best()}>
      <ol className="-my-2 divide-y">
        {best.map(({ id, title, sales, settled }) => (
          <li key={id} className="flex items-baseline justify-between gap-4 py-2">
            <span className="min-w-0">
              <Link
                to="/endpoints/$endpoint"
                params={{ endpoint: id }}
                title={title}
                className="block truncate underline-offset-2 hover:underline"
              >
                <bdi>{title}</bdi>
              </Link>
              <span className="text-caption text-text-2">
                {m.home_best_sales({ count: sales, number: formatCount(sales) })}
              </span>
            </span>
            <span className="shrink-0 text-right">
              <Money value={settled.formatted} className="block font-medium" />
              <span className="text-caption text-text-2">{m.home_best_settled()}</span>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
