import { formatUnits } from "viem/utils";
import type { TokenFacts } from "./contract";

/** Prices are integers in the token's smallest unit; none of this goes through a number. */

/** `0.05`, `1.50`, `0.000001`: exact, at least two places, written as the language does. */
function formatAmount(amount: bigint, decimals: number, locale?: string): string {
  const [whole = "0", part = ""] = formatUnits(amount, decimals).split(".");
  const places = part.replace(/0+$/, "").padEnd(2, "0");
  const point =
    new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";
  return `${new Intl.NumberFormat(locale).format(BigInt(whole))}${point}${places}`;
}

/** `0.05 USDC` */
export function formatTokens(amount: bigint, token: TokenFacts, locale?: string): string {
  return `${formatAmount(amount, token.decimals, locale)} ${token.symbol}`;
}

/** `$0.05` where the token stands for dollars, otherwise `0.05 EURC`. */
export function formatPrice(amount: bigint, token: TokenFacts, locale?: string): string {
  return token.isDollar
    ? `$${formatAmount(amount, token.decimals, locale)}`
    : formatTokens(amount, token, locale);
}
