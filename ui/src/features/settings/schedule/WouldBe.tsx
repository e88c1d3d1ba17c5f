import { CalendarClock, LoaderCircle } from "lucide-react";
import type { ScheduleView } from "../../../api/generated/ScheduleView";
import { m } from "../../../i18n/messages";
import { duration } from "../../../lib/time";
import { nextRun } from "../../../ui/next-run";
import { useNow } from "../../../ui/now";
import { Warnings } from "./Warnings";

interface Props {
  /** What was answered last; kept while something newer is asked. */
  view: ScheduleView | undefined;
  isAsking: boolean;
}

/** What a schedule would mean, before it is saved. */
export function WouldBe({ view, isAsking }: Props) {
  const now = useNow();
  const Icon = isAsking ? LoaderCircle : CalendarClock;
  return (
    <section
      aria-label={m.schedule_would_be()}
      aria-live="polite"
      className="flex min-h-20 gap-2.5 rounded-control bg-surface-2 px-3 py-2"
    >
      <Icon
        aria-hidden
        className={`mt-0.5 size-4 shrink-0 text-text-2 ${isAsking ? "animate-spin" : ""}`}
        strokeWidth={1.5}
      />
      {view === undefined ? (
        <p className="text-text-2">{m.schedule_would_be_wrong()}</p>
      ) : (
        <div className="min-w-0">
          <p>{view.sentence}</p>
          {view.next !== null && (
            <p className="text-text-2">{m.schedule_would_next({ when: nextRun(view.next, now) })}</p>
          )}
          <p className="text-text-2">{m.schedule_window({ time: duration(view.windowSeconds * 1000) })}</p>
          {view.changes.map((change) => (
            <p key={change} className="text-text-2">
              {change}
            </p>
          ))}
          <Warnings warnings={view.warnings} />
        </div>
      )}
    </section>
  );
}
