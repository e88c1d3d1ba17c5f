import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { priceHistoryQuery } from "../../api/prices";
import { m } from "../../i18n/paraglide/messages";
import { absoluteTime } from "../../lib/time";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { pricedFor } from "./priced-for";

/** What an endpoint was sold at before, looked up once somebody wants to know. */
export function PriceHistory({ endpoint: { id } }: { endpoint: EndpointView }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    ...priceHistoryQuery(usePlatform(), id),
    enabled: isOpen,
  });
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="font-medium">{m.endpoints_price_history()}</summary>
      {data !== undefined ? (
        <ul className="mt-2 divide-y rounded-card border">
          {data.items.map((one) => (
            <li
              key={`${one.version} ${one.network} ${one.part} ${one.audience} ${one.code ?? ""}`}
              className="flex items-center gap-3 px-3 py-2"
            >
              <span className="min-w-0 flex-1">
                <span className="block [overflow-wrap:anywhere]">{pricedFor(one)}</span>
                <span className="block text-caption text-text-2">
                  {one.endedAt === null
                    ? m.endpoints_price_since({ from: absoluteTime(one.quotedAt) })
                    : m.endpoints_price_held({
                        from: absoluteTime(one.quotedAt),
                        to: absoluteTime(one.endedAt),
                      })}
                </span>
              </span>
              <Money value={one.formatted} />
            </li>
          ))}
        </ul>
      ) : error !== null ? (
        <ErrorState
          title={m.endpoints_prices_failed()}
          error={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : (
        <Skeleton className="mt-2 h-24" />
      )}
    </details>
  );
}
