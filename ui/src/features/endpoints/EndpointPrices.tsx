import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Plus } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { PriceChangeView } from "../../api/generated/PriceChangeView";
import { usePlatform } from "../../api/platform-context";
import { pricesQuery, usePriceCancel } from "../../api/prices";
import { m } from "../../i18n/messages";
import { absoluteTime } from "../../lib/time";
import { Button } from "../../ui/Button";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { notify } from "../../ui/toast";
import { AddPrice } from "./AddPrice";
import { PriceLine } from "./PriceLine";
import { pricedFor } from "./priced-for";

/** Every price of an endpoint: those that hold, and those that are to begin. */
export function EndpointPrices({ endpoint }: { endpoint: EndpointView }) {
  const { data, error, refetch, isFetching } = useQuery(pricesQuery(usePlatform(), endpoint.id));
  const [isAdding, setAdding] = useState(false);
  if (data === undefined) {
    return error !== null ? (
      <ErrorState
        title={m.endpoints_prices_failed()}
        error={error}
        onRetry={() => void refetch()}
        retrying={isFetching}
      />
    ) : (
      <Skeleton className="h-40" />
    );
  }
  return (
    <div className="flex flex-col gap-5">
      <section className="flex flex-col gap-2">
        <div className="flex items-center justify-between gap-2">
          <h3 className="font-medium">{m.endpoints_prices_now()}</h3>
          {endpoint.state !== "removed" && (
            <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
              {m.endpoints_price_add()}
            </Button>
          )}
        </div>
        <ul className="divide-y rounded-card border">
          {data.items.map((price) => (
            <PriceLine
              key={`${price.part} ${price.audience} ${price.code ?? ""}`}
              endpoint={endpoint}
              price={price}
            />
          ))}
        </ul>
      </section>
      {data.changes.length > 0 && (
        <section className="flex flex-col gap-2">
          <h3 className="font-medium">{m.endpoints_prices_later()}</h3>
          <ul className="divide-y rounded-card border">
            {data.changes.map((change) => (
              <Change key={change.id} change={change} />
            ))}
          </ul>
        </section>
      )}
      <AddPrice endpoint={endpoint} open={isAdding} onOpenChange={setAdding} />
    </div>
  );
}

/** A price that is to begin. */
function Change({ change }: { change: PriceChangeView }) {
  const { mutate, isPending } = usePriceCancel();
  const cancel = () =>
    mutate(
      { change: change.id },
      {
        onSuccess: () => notify({ title: m.endpoints_change_cancelled(), tone: "neutral" }),
        onError: ({ message }) =>
          notify({ title: m.endpoints_change_cancel_failed(), description: message, tone: "failed" }),
      },
    );
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <CalendarClock aria-hidden className="size-4 shrink-0 text-text-2" strokeWidth={1.5} />
      <span className="min-w-0 flex-1 basis-40">
        <span className="block break-words">{pricedFor(change)}</span>
        <span className="block text-caption text-text-2">
          {m.endpoints_price_from()}{" "}
          <time dateTime={new Date(change.beginsAt).toISOString()}>{absoluteTime(change.beginsAt)}</time>
        </span>
      </span>
      <Money value={change.price} className="font-medium" />
      <Button size="sm" loading={isPending} onClick={cancel}>
        {m.endpoints_change_cancel()}
      </Button>
    </li>
  );
}
