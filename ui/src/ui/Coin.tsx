import { m } from "../i18n/paraglide/messages";
import { type Rounding, shortCoin } from "../lib/coin";
import { formatDecimal } from "../lib/money";
import { cn } from "./cn";
import { useSurroundings } from "./surroundings";

interface Props {
  /** The exact decimal. */
  value: string;
  /** The coin's symbol, unless it stands elsewhere or is not known. */
  symbol?: string | undefined;
  rounding: Rounding;
  className?: string;
}

/** An amount of the network's coin, short; exact on hover. Covered while amounts are hidden. */
export function Coin({ value, symbol = "", rounding, className }: Props) {
  const { amountsHidden } = useSurroundings();
  if (amountsHidden) {
    return (
      <span className={className}>
        <span aria-hidden>••••</span>
        <span className="sr-only">{m.ui_amount_hidden()}</span>
      </span>
    );
  }
  return (
    <span className={cn("tabular-nums", className)} title={`${formatDecimal(value)} ${symbol}`.trim()}>
      {`${shortCoin(value, rounding)} ${symbol}`.trim()}
    </span>
  );
}
