import { dateFormat, distanceFormat, numberFormat, writtenAs } from "./formats";

/** Times are Unix milliseconds. `locale` is a BCP 47 tag; without one, the window's language counts. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago or from now: `3 min. ago`, `in 2 hr.`, and a date when it is over a week away. */
export function relativeTime(at: number, now: number, locale?: string): string {
  const away = at - now;
  const size = Math.abs(away);
  const format = distanceFormat(locale, { numeric: "auto", style: "short" });
  if (size < 45 * SECOND) {
    return format.format(0, "second");
  }
  if (size < 45 * MINUTE) {
    return format.format(Math.round(away / MINUTE), "minute");
  }
  if (size < 22 * HOUR) {
    return format.format(Math.round(away / HOUR) || Math.sign(away), "hour");
  }
  if (size < 7 * DAY) {
    return format.format(Math.round(away / DAY) || Math.sign(away), "day");
  }
  return dateFormat(locale, { dateStyle: "medium" }).format(at);
}

/** Date and time of day, with the time zone when asked. */
export function absoluteTime(at: number, withZone = false, locale?: string): string {
  return dateFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    ...(withZone && { timeZoneName: "short" as const }),
  }).format(at);
}

/** A moment that is planned, to the minute and with the time zone: `Sat, Nov 21, 6:00 PM UTC`. */
export function plannedTime(at: number, locale?: string): string {
  return dateFormat(locale, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(at);
}

/** A day that was given as `2026-11-21`, as a person writes it: `Nov 21`. */
export function dayName(day: string, locale?: string): string {
  return dateFormat(locale, { month: "short", day: "numeric", timeZone: "UTC" }).format(dayStart(day));
}

/** An hour (`2026-11-21T13`), a day (`2026-11-21`) or a month (`2026-11`), as a person writes it: `1 PM`, `Nov 21`, `Nov 2026`. */
export function spanName(span: string, locale?: string): string {
  if (span.includes("T")) {
    return dateFormat(locale, { hour: "numeric", timeZone: "UTC" }).format(Date.parse(`${span}:00:00Z`));
  }
  if (span.length === "2026-11".length) {
    const start = Date.parse(`${span}-01T00:00:00Z`);
    return dateFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" }).format(start);
  }
  return dayName(span, locale);
}

/** The same with its year: `Nov 21, 2026`. */
export function dayOfYear(day: string, locale?: string): string {
  return dateFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(dayStart(day));
}

/** The day of a moment where the person is, as it stands in a file's name: `2026-11-21`. */
export function calendarDay(at: number): string {
  return dateFormat("sv", { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** A length of time in its two largest units: `2 hr, 5 min`. */
export function duration(length: number, locale?: string): string {
  const units = [
    ["day", DAY],
    ["hour", HOUR],
    ["minute", MINUTE],
    ["second", SECOND],
  ] as const;
  let rest = Math.max(0, length);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    const isLast = unit === "second" && parts.length === 0;
    if (count > 0 || isLast) {
      parts.push(numberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count));
      rest -= count * size;
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return new Intl.ListFormat(locale ?? writtenAs(), { type: "unit", style: "short" }).format(parts);
}

/** The short name of the computer's time zone at a moment, such as `GMT+1`. */
export function zoneName(at: number, locale?: string): string {
  const parts = dateFormat(locale, { timeZoneName: "short" }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
