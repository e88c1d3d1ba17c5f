import { formatDecimal } from "./money";

/** A network's coin has this many decimal places. */
const WEI_PLACES = 18;

/** Digits that are worth reading in an amount of gas money. */
const DIGITS = 4;

/** How an amount is shortened: costs are never told too low, and what is held never too high. */
export type Rounding = "up" | "down";

/** An exact decimal cut to its first digits that count: `0.000002512345` is `0.000002513`, rounded up. */
export function shortCoin(decimal: string, rounding: Rounding, locale?: string): string {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (match === null) {
    return decimal;
  }
  const [, whole = "0", part = ""] = match;
  const lead = whole === "0" ? part.length - part.replace(/^0+/, "").length : 0;
  const places = Math.max(whole === "0" ? lead + DIGITS : DIGITS - whole.length, 2);
  if (part.length <= places) {
    return formatDecimal(decimal, locale);
  }
  const rest = part.slice(places);
  const more = rounding === "up" && /[1-9]/.test(rest) ? 1n : 0n;
  const digits = (BigInt(whole + part.slice(0, places)) + more).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  return formatDecimal(`${digits.slice(0, cut)}.${digits.slice(cut)}`, locale);
}

/** Wei as a decimal of the coin. */
export function fromWei(wei: string): string {
  const digits = wei.padStart(WEI_PLACES + 1, "0");
  const cut = digits.length - WEI_PLACES;
  const part = digits.slice(cut).replace(/0+$/, "");
  return part === "" ? digits.slice(0, cut) : `${digits.slice(0, cut)}.${part}`;
}
