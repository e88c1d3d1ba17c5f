import type { RevenueDay } from "../../api/generated/RevenueDay";
import { m } from "../../i18n/messages";
import { spanName } from "../../lib/time";
import { Money } from "../../ui/Money";

interface Props {
  days: readonly RevenueDay[];
  /** Shows what was settled in the time before as well. */
  compare: boolean;
}

/** The same as figures, the newest first. */
export function SalesTable({ days, compare }: Props) {
  const head =
    "sticky top-0 bg-surface py-2 pl-4 text-right text-caption font-medium text-text-2 first:pl-0 first:text-left";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section tabIndex={0} aria-label={m.home_sales()} className="h-60 overflow-auto">
      <table className="w-full">
        <thead>
          <tr>
            {[
              m.home_day(),
              m.home_settled(),
              m.home_pending(),
              m.home_attention(),
              ...(compare ? [m.home_before()] : []),
            ].map((title) => (
              <th key={title} scope="col" className={head}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, settled, pending, attention, before }) => (
            <tr key={day} className="border-t">
              <th scope="row" className="py-1.5 text-left font-normal whitespace-nowrap">
                <time dateTime={day}>{spanName(day)}</time>
              </th>
              {[settled, pending, attention, ...(compare ? [before] : [])].map(
                ({ payments, formatted }, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a day has these three sums in this order
                  <td key={column} className="py-1.5 pl-4 text-right">
                    {payments === 0 ? <span className="text-text-3">–</span> : <Money value={formatted} />}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
