import { formatDecimal, mostPlaces } from "./money";

/** A network's coin has this many decimal places. */
const WEI_PLACES = 18;

/** Digits that are worth reading in an amount of gas money. */
const DIGITS = 4;

/** How an amount is shortened: costs are never told too low, and what is held never too high. */
export type Rounding = "up" | "down";

/** An exact decimal of the coin in the way the language writes it, with no more places than it has: `0.1`. */
export function formatCoin(decimal: string, locale?: string): string {
  return formatDecimal(decimal, locale, 0);
}

/** The same cut to its first digits that count: `0.000002512345` is `0.000002513`, rounded up. */
export function shortCoin(decimal: string, rounding: Rounding, locale?: string): string {
  return formatCoin(cut(decimal, rounding), locale);
}

/** The most places that one of several has once it is cut, so that all can be lined up by their points. */
export function coinPlaces(decimals: readonly string[], rounding: Rounding): number {
  return mostPlaces(
    decimals.map((decimal) => cut(decimal, rounding)),
    0,
  );
}

/** The first digits that count. */
export function cut(decimal: string, rounding: Rounding): string {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (match === null) {
    return decimal;
  }
  const [, whole = "0", part = ""] = match;
  const lead = whole === "0" ? part.length - part.replace(/^0+/, "").length : 0;
  const places = Math.max(whole === "0" ? lead + DIGITS : DIGITS - whole.length, 2);
  if (part.length <= places) {
    return decimal;
  }
  const rest = part.slice(places);
  const more = rounding === "up" && /[1-9]/.test(rest) ? 1n : 0n;
  const digits = (BigInt(whole + part.slice(0, places)) + more).toString().padStart(places + 1, "0");
  const point = digits.length - places;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Wei as a decimal of the coin. */
export function fromWei(wei: string): string {
  const digits = wei.padStart(WEI_PLACES + 1, "0");
  const cut = digits.length - WEI_PLACES;
  const part = digits.slice(cut).replace(/0+$/, "");
  return part === "" ? digits.slice(0, cut) : `${digits.slice(0, cut)}.${part}`;
}
