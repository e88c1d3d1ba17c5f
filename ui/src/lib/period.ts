/** Days of the books, as a person names them. Days are UTC, as the app's are. */

export const PERIODS = ["today", "week", "weeks", "quarter", "month", "last-month", "year", "own"] as const;
export type Period = (typeof PERIODS)[number];

/** The first and the last day, such as `2026-11-01`. */
export interface Days {
  from: string;
  to: string;
}

const DAY = 86_400_000;

/** The days that a period means now; of one's own days those that are days, else the last 28. */
export function daysOf(period: Period, now: number, own: Partial<Days> = {}): Days {
  const today = new Date(now);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const to = dayOf(now);
  switch (period) {
    case "today":
      return { from: to, to };
    case "quarter":
      return { from: dayOf(now - 89 * DAY), to };
    case "week":
      return { from: dayOf(now - 6 * DAY), to };
    case "weeks":
      return { from: dayOf(now - 27 * DAY), to };
    case "month":
      return { from: dayOf(Date.UTC(year, month, 1)), to };
    case "last-month":
      return { from: dayOf(Date.UTC(year, month - 1, 1)), to: dayOf(Date.UTC(year, month, 0)) };
    case "year":
      return { from: dayOf(Date.UTC(year, month - 11, 1)), to };
    case "own": {
      const last = isDay(own.to) ? own.to : to;
      return { from: isDay(own.from) ? own.from : dayOf(Date.parse(last) - 27 * DAY), to: last };
    }
  }
}

/** Whether a text is a day that there is. */
export function isDay(text: string | undefined): text is string {
  return (
    text !== undefined &&
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    dayOf(Date.parse(text)) === text
  );
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
