import { m } from "../../i18n/messages";
import { formatUsd } from "../../lib/money";
import { useSurroundings } from "../../ui/surroundings";

/** What a button that settles so much says. */
export function useSettleLabel(): (decimal: string) => string {
  const { amountsHidden } = useSurroundings();
  return (decimal) =>
    amountsHidden ? m.settlements_settle_hidden() : m.settlements_settle({ amount: formatUsd(decimal) });
}
