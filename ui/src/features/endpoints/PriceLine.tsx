import { Trash2, TriangleAlert } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { PriceView } from "../../api/generated/PriceView";
import { m } from "../../i18n/messages";
import { CopyButton } from "../../ui/CopyButton";
import { IconButton } from "../../ui/IconButton";
import { Money } from "../../ui/Money";
import { pricedFor } from "./priced-for";
import { useEndPrice } from "./useEndPrice";

interface Props {
  endpoint: EndpointView;
  price: PriceView;
}

/** A price that holds: for whom, how much, its link, and what a seller should know of it. */
export function PriceLine({ endpoint, price }: Props) {
  const end = useEndPrice(endpoint, price);
  const words = pricedFor(price);
  const isUsual = price.part === "" && price.audience === "everybody";
  return (
    <li className="px-3 py-2">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{words}</span>
        {price.price !== null && <Money value={price.price.formatted} className="font-medium" />}
        {price.url !== null && <CopyButton text={price.url} what={m.endpoints_price_link({ what: words })} />}
        {!isUsual && endpoint.state !== "removed" && (
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
