import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePlatform } from "../../api/platform-context";
import { topBuyersQuery } from "../../api/visitors";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatCount } from "../../lib/money";
import { Card } from "../../ui/Card";
import { Money } from "../../ui/Money";

/** Who has paid most since the beginning. Stands only where anything came on the chain. */
export function TopBuyers() {
  const { data } = useQuery(topBuyersQuery(usePlatform()));
  const best = data?.items ?? [];
  if (best.length === 0) {
    return null;
  }
  return (
    <Card
      title={m.home_buyers()}
      aside={<span className="text-caption text-text-2">{m.home_buyers_always()}</span>}
    >
      <ol className="-my-2 divide-y">
        {best.map(({ payer, network, settled }) => (
          <li key={`${payer} ${network ?? ""}`} className="flex items-baseline justify-between gap-4 py-2">
            <span className="min-w-0">
              <Link
                to="/buyers/$buyer"
                params={{ buyer: payer }}
                title={payer}
                className="block truncate font-mono text-caption underline-offset-2 hover:underline"
              >
                {shorten(payer)}
              </Link>
              <span className="text-caption text-text-2">
                {m.home_payments({ count: settled.payments, number: formatCount(settled.payments) })}
              </span>
            </span>
            <Money value={settled.formatted} className="shrink-0 font-medium" />
          </li>
        ))}
      </ol>
    </Card>
  );
}
