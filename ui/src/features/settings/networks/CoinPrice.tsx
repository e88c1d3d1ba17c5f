import type { NetworkItem } from "../../../api/generated/NetworkItem";
import type { NetworkSetUp } from "../../../api/generated/NetworkSetUp";
import { m } from "../../../i18n/messages";
import { addressPage } from "../../../lib/explorer";
import { formatDecimal, formatUsd } from "../../../lib/money";
import { Address } from "../../../ui/Address";
import { AmountSetting } from "./AmountSetting";
import { FeedForm } from "./FeedForm";
import { Part } from "./Part";

interface Props {
  item: NetworkItem;
  setUp: NetworkSetUp;
  coin: string;
  isEditable: boolean;
}

/** What the coin is worth: as the network's price feed says, or as the seller says in its place. */
export function CoinPrice({ item, setUp, coin, isEditable }: Props) {
  const feed = setUp.priceFeed ?? item.priceFeed;
  return (
    <Part title={m.networks_price({ coin })} text={m.networks_price_text()}>
      <div className="flex flex-col gap-4">
        <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] items-baseline gap-x-6">
          <dt className="text-text-2">{m.networks_feed()}</dt>
          <dd>
            {feed === null ? (
              <span className="text-text-2">{m.networks_feed_none()}</span>
            ) : (
              <>
                <Address value={feed} what={m.networks_feed_what()} explorer={addressPage(item, feed)} />{" "}
                <span className="text-caption text-text-2">
                  {setUp.priceFeed === null ? m.networks_feed_known() : m.networks_feed_chosen()}
                </span>
              </>
            )}
          </dd>
        </dl>
        <AmountSetting
          setting={`coin-price-${coin}`}
          places={6}
          label={m.networks_price_own()}
          hint={feed === null ? m.networks_price_hint_none() : m.networks_price_hint()}
          wrong={m.networks_price_wrong({ example: formatDecimal("3150.20") })}
          done={(price) =>
            price === null
              ? m.networks_price_from_feed()
              : m.networks_price_done({ coin, price: formatUsd(price) })
          }
          before="$"
        />
        {isEditable && <FeedForm key={setUp.priceFeed} item={item} chosen={setUp.priceFeed} />}
      </div>
    </Part>
  );
}
