import type { PriceSet } from "../../api/generated/PriceSet";
import { m } from "../../i18n/messages";

/** Which price is meant. */
export interface Priced {
  part: string;
  audience: string;
  code: string | null;
}

/** For whom, and for what of an endpoint, a price is. */
export function pricedFor({ part, audience, code }: Priced): string {
  const whom = wordOf(audience, code);
  return part === "" ? whom : m.endpoints_priced_part({ part: `\u2068${part}\u2069`, whom });
}

function wordOf(audience: string, code: string | null): string {
  switch (audience) {
    case "code":
      return m.endpoints_priced_code({ code: code ?? "" });
    case "own":
      return m.endpoints_priced_own();
    case "free":
      return m.endpoints_priced_free();
    default:
      return m.endpoints_priced_everybody();
  }
}

/** The same as the app is asked for it. */
export function whichOf({ part, audience, code }: Priced): Omit<PriceSet, "endpoint"> {
  return {
    ...(part !== "" && { part }),
    ...(code !== null && { code }),
    ...(audience === "own" && { own: true }),
    ...(audience === "free" && { free: true }),
  };
}
