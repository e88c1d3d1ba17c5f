import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { FunnelSteps } from "../../api/generated/FunnelSteps";
import type { FunnelView } from "../../api/generated/FunnelView";
import { m } from "../../i18n/paraglide/messages";
import { formatCount } from "../../lib/money";
import { dayName } from "../../lib/time";
import { cn } from "../../ui/cn";
import { share } from "./share";

const NOTHING = <span className="text-text-3">–</span>;

/** The same line by line: by endpoint, or by day, the newest first. */
export function FunnelTable({ funnel, byDay }: { funnel: FunnelView; byDay: boolean }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label={byDay ? m.visitors_by_day() : m.visitors_by_endpoint()}
      className="overflow-x-auto rounded-card border bg-surface"
    >
      <table className="w-full">
        <thead>
          <tr className="border-b">
            <Head isFirst>{byDay ? m.visitors_column_day() : m.visitors_column_endpoint()}</Head>
            <Head>{m.visitors_shown()}</Head>
            <Head>{m.visitors_signed()}</Head>
            <Head>{m.visitors_delivered()}</Head>
            <Head>{m.visitors_settled()}</Head>
            <Head>{m.visitors_column_share()}</Head>
          </tr>
        </thead>
        <tbody>
          {byDay
            ? funnel.days.toReversed().map((line) => (
                <Line key={line.day} steps={line}>
                  <time dateTime={line.day}>{dayName(line.day)}</time>
                </Line>
              ))
            : funnel.items.map((line) => (
                <Line key={line.endpointId} steps={line}>
                  <Link
                    to="/visitors"
                    search={({ days }) => ({ days, endpoint: line.endpointId })}
                    title={line.title}
                    className="underline-offset-2 hover:underline"
                  >
                    <bdi>{line.title}</bdi>
                  </Link>
                  <span className="ml-2 font-mono text-caption text-text-2">{line.endpoint}</span>
                </Line>
              ))}
        </tbody>
      </table>
    </section>
  );
}

function Head({ isFirst = false, children }: { isFirst?: boolean; children: ReactNode }) {
  return (
    <th
      scope="col"
      className={cn(
        "px-4 py-2 text-caption font-medium whitespace-nowrap text-text-2",
        isFirst ? "text-left" : "text-right",
      )}
    >
      {children}
    </th>
  );
}

/** A day or an endpoint, and how many came how far. */
function Line({ steps, children }: { steps: FunnelSteps; children: ReactNode }) {
  const { shown, signed, delivered, settled } = steps;
  const cell = "px-4 py-2 text-right whitespace-nowrap tabular-nums";
  return (
    <tr className="border-b last:border-b-0 hover:bg-surface-2">
      <th scope="row" className="w-full max-w-0 min-w-40 truncate px-4 py-2 text-left font-normal">
        {children}
      </th>
      {[shown, signed, delivered, settled].map((count, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has these four counts in this order
        <td key={column} className={cell}>
          {count === 0 ? NOTHING : formatCount(count)}
        </td>
      ))}
      <td className={cell}>{share(signed, shown) ?? NOTHING}</td>
    </tr>
  );
}
