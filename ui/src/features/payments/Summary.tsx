import { memo } from "react";
import type { PaymentList } from "../../api/generated/PaymentList";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";

const dot =
  "not-last:after:mx-2 not-last:after:font-normal not-last:after:text-text-3 not-last:after:content-['·']";

/** How many payments the filter has, and its three sums, which are never added together. */
export const Summary = memo(function Summary({
  page,
}: {
  page: Pick<PaymentList, "total" | "summary"> | undefined;
}) {
  if (page === undefined) {
    return <Skeleton className="h-5 w-96 max-w-full shrink-0" />;
  }
  const { total, summary } = page;
  const sums = [
    { sum: summary.settled, word: m.payments_settled(), look: "text-settled" },
    { sum: summary.pending, word: m.payments_pending(), look: "text-pending" },
    { sum: summary.attention, word: m.payments_attention(), look: "text-failed" },
  ];
  return (
    <ul
      aria-label={m.payments_summary()}
      className="flex shrink-0 flex-wrap items-baseline gap-y-1 text-text-2"
    >
      <li className={cn("font-medium text-text tabular-nums", dot)}>
        {m.payments_count({ count: total, shown: formatCount(total) })}
      </li>
      {sums.map(({ sum, word, look }) => (
        <li key={word} className={cn("flex items-baseline", dot)}>
          <Money
            value={sum.formatted}
            className={cn("mr-1.5 font-medium", sum.payments === 0 ? "text-text-2" : look)}
          />
          {word}
        </li>
      ))}
    </ul>
  );
});
