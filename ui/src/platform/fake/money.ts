import type { MoneyView } from "../../api/generated/MoneyView";
import { refuse } from "./refuse";

/** The practice token's decimal places. */
export const DECIMALS = 6;

/** Those of the network's coin, and its symbol. */
const COIN_DECIMALS = 18;
export const COIN = "ETH";

/** Atomic units with their point, at least two places: `0.05`. */
export function decimal(amount: bigint): string {
  const digits = amount.toString().padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(digits.length - DECIMALS).replace(/0+$/, "");
  return `${digits.slice(0, digits.length - DECIMALS)}.${fraction.padEnd(2, "0")}`;
}

/** Wei in the network's coin, as many places as it takes: `0.0021`. */
export function coin(wei: bigint): string {
  const digits = wei.toString().padStart(COIN_DECIMALS + 1, "0");
  const fraction = digits.slice(-COIN_DECIMALS).replace(/0+$/, "");
  const whole = digits.slice(0, -COIN_DECIMALS);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** An amount as every screen gets it. */
export function money(amount: bigint): MoneyView {
  return { amount: amount.toString(), decimals: DECIMALS, formatted: decimal(amount) };
}

/** Reads a price as the app does: digits and at most one point. */
export function price(text: string): bigint {
  const [, whole = "", fraction = ""] = /^(\d*)(?:\.(\d+))?$/.exec(text.trim()) ?? refuseText(text);
  if (whole === "" && fraction === "") {
    refuseText(text);
  }
  if (fraction.length > DECIMALS) {
    throw refuse(
      "invalid_request",
      `The price "${text}" cannot be used: the amount has more than 6 decimal places.`,
    );
  }
  const amount = BigInt(whole + fraction.padEnd(DECIMALS, "0"));
  if (amount === 0n) {
    throw refuse("invalid_request", "The price must be more than nothing.");
  }
  if (amount > 2n ** 63n - 1n) {
    throw refuse("invalid_request", `The price "${text}" cannot be used: the amount is too large.`);
  }
  return amount;
}

function refuseText(text: string): never {
  throw refuse(
    "invalid_request",
    `The price "${text}" cannot be used: an amount is written with digits and at most one decimal point, such as 0.05.`,
  );
}
