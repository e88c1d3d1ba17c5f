import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { FunnelSteps } from "../../api/generated/FunnelSteps";
import type { FunnelView } from "../../api/generated/FunnelView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { share } from "../../lib/share";
import { dayName } from "../../lib/time";
import { Line, LineCell, Lines, NOTHING } from "../../ui/Lines";

/** The same line by line: by endpoint, or by day, the newest first. */
export function FunnelTable({ funnel, byDay }: { funnel: FunnelView; byDay: boolean }) {
  return (
    <Lines
      label={byDay ? m.visitors_by_day() : m.visitors_by_endpoint()}
      head={[
        byDay ? m.visitors_column_day() : m.visitors_column_endpoint(),
        m.visitors_shown(),
        m.visitors_signed(),
        m.visitors_delivered(),
        m.visitors_settled(),
        m.visitors_column_share(),
      ]}
    >
      {byDay
        ? funnel.days.toReversed().map((line) => (
            <Steps key={line.day} steps={line}>
              <time dateTime={line.day}>{dayName(line.day)}</time>
            </Steps>
          ))
        : funnel.items.map((line) => (
            <Steps key={line.endpointId} steps={line}>
              <Link
                to="/visitors"
                search={({ days }) => ({ days, endpoint: line.endpointId })}
                title={line.title}
                className="underline-offset-2 hover:underline"
              >
                <bdi>{line.title}</bdi>
              </Link>
              <span className="ml-2 font-mono text-caption text-text-2">{line.endpoint}</span>
            </Steps>
          ))}
    </Lines>
  );
}

/** A day or an endpoint, and how many came how far. */
function Steps({ steps, children }: { steps: FunnelSteps; children: ReactNode }) {
  const { shown, signed, delivered, settled } = steps;
  return (
    <Line name={children}>
      {[shown, signed, delivered, settled].map((count, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has these four counts in this order
        <LineCell key={column}>{count === 0 ? NOTHING : formatCount(count)}</LineCell>
      ))}
      <LineCell>{share(signed, shown) ?? NOTHING}</LineCell>
    </Line>
  );
}
