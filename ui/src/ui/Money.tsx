import { m } from "../i18n/paraglide/messages";
import { formatDecimal, formatUsd } from "../lib/money";
import { cn } from "./cn";
import { useSurroundings } from "./surroundings";

interface Props {
  /** The exact decimal, such as a view's `formatted`. */
  value: string;
  /** The token's name: said on hover, and beside the amount when `withToken`. */
  token?: string | undefined;
  withToken?: boolean;
  /** The large figure of a card. */
  large?: boolean;
  className?: string;
}

/** An amount in dollars, covered while amounts are hidden. */
export function Money({ value, token, withToken = false, large = false, className }: Props) {
  const { amountsHidden } = useSurroundings();
  const look = cn("tabular-nums", large ? "text-money" : "whitespace-nowrap", className);
  if (amountsHidden) {
    return (
      <span className={look}>
        <span aria-hidden>••••</span>
        <span className="sr-only">{m.ui_amount_hidden()}</span>
      </span>
    );
  }
  const inToken = token === undefined ? undefined : `${formatDecimal(value)} ${token}`;
  return (
    <span className={look} title={inToken}>
      {formatUsd(value)}
      {withToken && inToken !== undefined && (
        <span className="ml-1.5 text-body font-normal tracking-normal text-text-2">{inToken}</span>
      )}
    </span>
  );
}
