import { m } from "../i18n/messages";
import { cut, formatCoin, type Rounding, shortCoin } from "../lib/coin";
import { placesOf } from "../lib/money";
import { cn } from "./cn";
import { Places } from "./Places";
import { useSurroundings } from "./surroundings";

interface Props {
  /** The exact decimal. */
  value: string;
  /** The coin's symbol, unless it stands elsewhere or is not known. */
  symbol?: string | undefined;
  rounding: Rounding;
  /** The most decimals of its column, whose amounts are lined up by their points. */
  places?: number | undefined;
  className?: string;
}

/** An amount of the network's coin, short; exact on hover. Covered while amounts are hidden. */
export function Coin({ value, symbol = "", rounding, places, className }: Props) {
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
    <span className={cn("tabular-nums", className)} title={`${formatCoin(value)} ${symbol}`.trim()}>
      {`${shortCoin(value, rounding)} ${symbol}`.trim()}
      {places !== undefined && <Places missing={places - placesOf(cut(value, rounding), 0)} />}
    </span>
  );
}
