import type { EndpointView } from "../../api/generated/EndpointView";
import type { MoneyView } from "../../api/generated/MoneyView";
import { usePriceRemove, usePriceSet } from "../../api/prices";
import { m } from "../../i18n/messages";
import { notify } from "../../ui/toast";
import { type Priced, pricedFor, whichOf } from "./priced-for";

/** Ends a price that is not the usual one. It can be taken back for a while. */
export function useEndPrice({ id }: Pick<EndpointView, "id">, price: Priced & { price: MoneyView | null }) {
  const remove = usePriceRemove();
  const set = usePriceSet();
  const words = pricedFor(price);
  const request = { endpoint: id, ...whichOf(price) };
  const failed = (title: string) => ({
    onError: ({ message }: { message: string }) =>
      notify({ title, description: message, tone: "failed" as const }),
  });
  const undo = () =>
    set.mutate(
      { ...request, ...(price.price !== null && { price: price.price.formatted }) },
      {
        onSuccess: () => notify({ title: m.endpoints_price_back({ what: words }), tone: "neutral" }),
        ...failed(m.endpoints_price_not_set()),
      },
    );
  return () =>
    remove.mutate(request, {
      onSuccess: () =>
        notify({
          title: m.endpoints_price_ended({ what: words }),
          tone: "neutral",
          action: { label: m.ui_undo(), run: undo },
        }),
      ...failed(m.endpoints_price_not_ended()),
    });
}
