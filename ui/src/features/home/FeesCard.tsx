import { Link } from "@tanstack/react-router";
import { Fuel } from "lucide-react";
import { m } from "../../i18n/messages";
import { shortCoin } from "../../lib/coin";
import { Coin } from "../../ui/Coin";
import { useSurroundings } from "../../ui/surroundings";
import { Figure, linkLook } from "./Figure";
import { useRevenue } from "./useRevenue";

/**
 * What settling cost in the days that are chosen. Where the worth of a part is not known, the coins themselves
 * are the figure, as in the books: dollars would tell the cost too low.
 */
export function FeesCard() {
  const { amountsHidden } = useSurroundings();
  const { data, error } = useRevenue();
  const fees = data?.fees;
  const paid = fees?.coins ?? [];
  const coins = paid.map(({ formatted, coin }) => `${shortCoin(formatted, "up")} ${coin}`);
  const isUnpriced = fees !== undefined && fees.unpriced.length > 0;
  return (
    <Figure
      icon={Fuel}
      tone="bg-neutral-soft text-neutral"
      title={m.home_fees()}
      hint={isUnpriced ? `${m.home_fees_hint()} ${m.home_fees_unpriced()}` : m.home_fees_hint()}
      value={fees?.value.formatted}
      {...(isUnpriced && {
        instead: paid.map(({ formatted, coin }) => (
          <Coin
            key={coin}
            value={formatted}
            symbol={coin}
            rounding="up"
            className="block text-title break-words"
          />
        )),
      })}
      failed={error === null ? null : m.home_fees_failed()}
      link={
        <Link to="/reports" className={linkLook}>
          {m.home_fees_books()}
        </Link>
      }
      note={coins.length === 0 ? m.home_fees_none() : amountsHidden || isUnpriced ? null : coins.join(" · ")}
    />
  );
}
