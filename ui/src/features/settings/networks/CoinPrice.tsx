import { m } from "../../../i18n/paraglide/messages";
import { formatDecimal, formatUsd } from "../../../lib/money";
import { AmountSetting } from "./AmountSetting";
import { Part } from "./Part";

/** What the seller says the coin is worth, in place of what the network's price feed says. */
export function CoinPrice({ coin }: { coin: string }) {
  return (
    <Part title={m.networks_price({ coin })} text={m.networks_price_text()}>
      <AmountSetting
        setting={`coin-price-${coin}`}
        places={6}
        label={m.networks_price_own()}
        hint={m.networks_price_hint()}
        wrong={m.networks_price_wrong({ example: formatDecimal("3150.20") })}
        done={(price) =>
          price === null
            ? m.networks_price_from_feed()
            : m.networks_price_done({ coin, price: formatUsd(price) })
        }
        before="$"
      />
    </Part>
  );
}
