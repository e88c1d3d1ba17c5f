import { m } from "../i18n/messages";
import { formatUsd } from "../lib/money";
import { useSurroundings } from "./surroundings";

/** Writes amounts into sentences, covered while amounts are hidden. */
export function useAmountText(): (decimal: string) => string {
  const { amountsHidden } = useSurroundings();
  return (decimal) => (amountsHidden ? m.ui_amount_covered() : formatUsd(decimal));
}
