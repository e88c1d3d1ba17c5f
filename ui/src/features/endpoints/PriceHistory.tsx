import { useQuery } from "@tanstack/react-query";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { priceHistoryQuery } from "../../api/prices";
import { m } from "../../i18n/messages";
import { absoluteTime } from "../../lib/time";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { pricedFor } from "./priced-for";

/** What an endpoint is and was sold at, the latest first. */
export function PriceHistory({ endpoint: { id } }: { endpoint: EndpointView }) {
  const { data, error, refetch, isFetching } = useQuery(priceHistoryQuery(usePlatform(), id));
  return (
    <>
      {data !== undefined ? (
        <ul aria-label={m.endpoints_price_history()} className="divide-y rounded-card border">
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
        <Skeleton className="h-24" />
      )}
    </>
  );
}
