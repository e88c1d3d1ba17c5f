import { Trash2, TriangleAlert } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { PriceView } from "../../api/generated/PriceView";
import { usePriceRemove, usePriceSet } from "../../api/prices";
import { m } from "../../i18n/paraglide/messages";
import { CopyButton } from "../../ui/CopyButton";
import { IconButton } from "../../ui/IconButton";
import { Money } from "../../ui/Money";
import { notify } from "../../ui/toast";
import { pricedFor, whichOf } from "./priced-for";

interface Props {
  endpoint: EndpointView;
  price: PriceView;
}

/** A price that holds: for whom, how much, its link, and what a seller should know of it. */
export function PriceLine({ endpoint: { id, state }, price }: Props) {
  const remove = usePriceRemove();
  const set = usePriceSet();
  const words = pricedFor(price);
  const isUsual = price.part === "" && price.audience === "everybody";
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
  const end = () =>
    remove.mutate(request, {
      onSuccess: () =>
        notify({
          title: m.endpoints_price_ended({ what: words }),
          tone: "neutral",
          action: { label: m.ui_undo(), run: undo },
        }),
      ...failed(m.endpoints_price_not_ended()),
    });
  return (
    <li className="px-3 py-2">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{words}</span>
        {price.price !== null && <Money value={price.price.formatted} className="font-medium" />}
        {price.url !== null && <CopyButton text={price.url} what={m.endpoints_price_link({ what: words })} />}
        {!isUsual && state !== "removed" && (
          <IconButton icon={Trash2} size="sm" label={m.endpoints_price_end({ what: words })} onClick={end} />
        )}
      </div>
      {price.warnings.map(({ code, network, sentence }) => (
        <p key={`${code} ${network}`} className="mt-1 flex gap-1.5 text-caption text-warning">
          <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" strokeWidth={1.5} />
          <span className="min-w-0">{sentence}</span>
        </p>
      ))}
    </li>
  );
}
