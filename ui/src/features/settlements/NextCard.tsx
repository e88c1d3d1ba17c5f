import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ScheduleView } from "../../api/generated/ScheduleView";
import { usePlatform } from "../../api/platform-context";
import { previewQuery, schedulesQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { absoluteTime, duration, plannedTime } from "../../lib/time";
import { Badge } from "../../ui/Badge";
import { nextRun } from "../../ui/next-run";
import { useNow } from "../../ui/now";
import { Skeleton } from "../../ui/Skeleton";
import { Figure } from "./Figure";

const MINUTE = 60_000;

/** When settling begins by itself, and why then. */
export function NextCard() {
  const platform = usePlatform();
  const { data: schedules, error } = useQuery(schedulesQuery(platform));
  const { data: preview } = useQuery(previewQuery(platform));
  const now = useNow();
  if (schedules === undefined) {
    return error === null ? (
      <Figure label={m.settlements_next()}>
        <Skeleton className="my-1 h-6 w-40" />
      </Figure>
    ) : (
      <Figure label={m.settlements_next()} note={m.settlements_next_unknown_why()}>
        <p className="text-title">{m.settlements_next_unknown()}</p>
      </Figure>
    );
  }
  const soonest = first(schedules.items);
  if (soonest === undefined || soonest.next === null) {
    return (
      <Figure label={m.settlements_next()} aside={<Change />} note={m.settlements_next_none_why()}>
        <p className="text-title">{m.settlements_next_none()}</p>
      </Figure>
    );
  }
  const { next, title, gasTooDear, waitForGas, safeUntil } = soonest;
  const isHeld = (preview?.hindered.length ?? 0) > 0;
  const isDear = gasTooDear && waitForGas && safeUntil !== null;
  return (
    <Figure
      label={m.settlements_next()}
      aside={<Change />}
      note={
        <>
          <span className="block text-body text-text">{nextRun(next, now)}</span>
          {schedules.items.length > 1 && <span className="block">{title}</span>}
          {isHeld && <span className="block">{m.settlements_next_held_why()}</span>}
          {isDear && (
            <span className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1">
              <Badge tone="warning">{m.settlements_next_dear()}</Badge>
              {next.because !== "deadline" && m.settlements_next_dear_until({ time: plannedTime(safeUntil) })}
            </span>
          )}
        </>
      }
    >
      <time
        dateTime={new Date(next.at).toISOString()}
        title={absoluteTime(next.at, true)}
        className="text-title tabular-nums"
      >
        {isHeld && next.at <= now ? m.settlements_next_held() : countdown(next.at - now)}
      </time>
    </Figure>
  );
}

function Change() {
  return (
    <Link to="/settings" hash="settling" className="text-accent-text underline underline-offset-2">
      {m.settlements_next_change()}
    </Link>
  );
}

/** The network that is settled first. */
function first(schedules: readonly ScheduleView[]): ScheduleView | undefined {
  return schedules.reduce<ScheduleView | undefined>(
    (one, other) =>
      (other.next?.at ?? Number.POSITIVE_INFINITY) < (one?.next?.at ?? Number.POSITIVE_INFINITY)
        ? other
        : one,
    undefined,
  );
}

function countdown(left: number): string {
  if (left <= 0) {
    return m.settlements_next_now();
  }
  if (left < MINUTE) {
    return m.settlements_next_soon();
  }
  return m.settlements_next_in({ time: duration(Math.round(left / MINUTE) * MINUTE) });
}
