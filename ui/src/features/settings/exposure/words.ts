import { m } from "../../../i18n/messages";
import type { Cap } from "./caps";

/** What a cap is called. */
export function capWord(cap: Cap): string {
  switch (cap) {
    case "perSale":
      return m.exposure_cap_sale();
    case "perNewPayer":
      return m.exposure_cap_new();
    case "perPayer":
      return m.exposure_cap_payer();
    case "perNetwork":
      return m.exposure_cap_network();
    case "total":
      return m.exposure_cap_total();
  }
}
