import { m } from "../i18n/messages";
import { formatDecimal, formatUsd, placesOf } from "../lib/money";
import { cn } from "./cn";
import { Places } from "./Places";
import { useSurroundings } from "./surroundings";

/** The sizes of figures, in rem. */
const SIZES = { title: 1.25, money: 1.75 };

/** How wide a digit is at most, in its own height. */
const DIGIT = 0.64;

interface Props {
  /** The exact decimal, such as a view's `formatted`. */
  value: string;
  /** The token's name: said on hover, and beside the amount when `withToken`. */
  token?: string | undefined;
  withToken?: boolean;
  /** The most decimals of its column, whose amounts are lined up by their points. */
  places?: number | undefined;
  /** The figure of a card, on a line of its own: one that is long is written smaller, and never broken. */
  figure?: keyof typeof SIZES | undefined;
  className?: string | undefined;
}

/** An amount in dollars, covered while amounts are hidden. */
export function Money({ value, token, withToken = false, places, figure, className }: Props) {
  const { amountsHidden } = useSurroundings();
  const look = cn(
    "tabular-nums",
    figure === undefined ? "amount" : figure === "money" ? "text-money" : "text-title",
    className,
  );
  if (amountsHidden) {
    return (
      <span className={look}>
        <span aria-hidden>••••</span>
        <span className="sr-only">{m.ui_amount_hidden()}</span>
      </span>
    );
  }
  const inToken = token === undefined ? undefined : `${formatDecimal(value)} ${token}`;
  const shown = formatUsd(value);
  if (figure !== undefined) {
    const fitting = `calc(100cqi / ${(shown.length * DIGIT).toFixed(2)})`;
    return (
      <span className="@container block">
        <span
          className={cn("block", look)}
          style={{ fontSize: `clamp(0.75rem, ${fitting}, ${SIZES[figure]}rem)` }}
          title={inToken}
        >
          {shown}
        </span>
      </span>
    );
  }
  return (
    <span className={look} title={inToken}>
      {shown}
      {places !== undefined && <Places missing={places - placesOf(value)} />}
      {withToken && inToken !== undefined && (
        <span className="ml-1.5 text-body font-normal tracking-normal text-text-2">{inToken}</span>
      )}
    </span>
  );
}
