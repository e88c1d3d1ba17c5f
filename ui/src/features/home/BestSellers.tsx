import { Link } from "@tanstack/react-router";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Card } from "../../ui/Card";
import { Money } from "../../ui/Money";
import { useRevenue } from "./useRevenue";

/** What was bought most often in the days that are chosen, with what is settled of it. Stands only where anything was. */
export function BestSellers() {
  const { data } = useRevenue();
  const best = data?.best ?? [];
  if (best.length === 0) {
    return null;
  }
  return (
    <Card title={m.home_best()}>
      <ol className="-my-2 divide-y">
        {best.map(({ endpointId, title, sales, settled }) => (
          <li key={endpointId} className="flex items-baseline justify-between gap-4 py-2">
            <span className="min-w-0">
              <Link
                to="/endpoints/$endpoint"
                params={{ endpoint: endpointId }}
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
