import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { priceCheckQuery } from "../../api/prices";
import { m } from "../../i18n/messages";
import { Money } from "../../ui/Money";

/** What settling a payment of this price costs now on each network, and a warning where that is much of it. */
export function CostLine({ price }: { price: string }) {
  const { data } = useQuery(priceCheckQuery(usePlatform(), price));
  const items = data?.items ?? [];
  return items.map(({ network, title, cost, warnings }) => (
    <span key={network} className="block">
      {cost !== null && (
        <>
          {m.endpoints_cost_about()} <Money value={cost.formatted} />{" "}
          {items.length > 1 ? m.endpoints_cost_on({ network: title }) : m.endpoints_cost()}
        </>
      )}
      {warnings
        .filter(({ code }) => code === "cost_above_fifth")
        .map(({ code, sentence }) => (
          <span key={code} role="status" className="mt-0.5 flex gap-1.5 text-warning">
            <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" strokeWidth={1.5} />
            <span className="min-w-0">{sentence}</span>
          </span>
        ))}
    </span>
  ));
}
