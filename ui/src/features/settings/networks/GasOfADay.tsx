import { m } from "../../../i18n/messages";
import { formatCoin } from "../../../lib/coin";
import { AmountSetting } from "./AmountSetting";
import { Part } from "./Part";

interface Props {
  /** CAIP-2. */
  network: string;
  coin: string;
}

/** The most that settling on the network may take within a day. */
export function GasOfADay({ network, coin }: Props) {
  return (
    <Part title={m.networks_day()} text={m.networks_day_text()}>
      <AmountSetting
        setting={`gas-a-day-${network}`}
        places={18}
        label={m.networks_day_most()}
        hint={m.networks_day_hint()}
        wrong={m.networks_day_wrong({ example: formatCoin("0.01") })}
        done={(most) =>
          most === null ? m.networks_day_open() : m.networks_day_done({ most: `${formatCoin(most)} ${coin}` })
        }
        after={coin}
      />
    </Part>
  );
}
