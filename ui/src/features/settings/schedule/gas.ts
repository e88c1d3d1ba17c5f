import type { GasPriceView } from "../../../api/generated/GasPriceView";
import { m } from "../../../i18n/messages";
import { shortCoin } from "../../../lib/coin";

/** A price of gas. */
export function gasWords({ gwei }: GasPriceView): string {
  return m.schedule_gwei({ price: shortCoin(gwei, "up") });
}
