import { dateFormats, distanceFormats, inEachLanguage, numberFormats } from "./formats";

/** Times are Unix milliseconds. `locale` is a BCP 47 tag; without one, the window's language counts. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const AGO = distanceFormats({ numeric: "auto", style: "short" });
const DATE = dateFormats({ dateStyle: "medium" });
const TO_THE_SECOND: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};
const MOMENT = dateFormats(TO_THE_SECOND);
const MOMENT_IN_ZONE = dateFormats({ ...TO_THE_SECOND, timeZoneName: "short" });
const PLANNED = dateFormats({
  weekday: "short",
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
});
const ZONE = dateFormats({ timeZoneName: "short" });
const FILE_DAY = dateFormats({ year: "numeric", month: "2-digit", day: "2-digit" });

/** Of days and hours that were counted in the zone that is shown, and came without it. */
const NAMED_DAY = dateFormats({ month: "short", day: "numeric", timeZone: "UTC" });
const NAMED_HOUR = dateFormats({ hour: "numeric", timeZone: "UTC" });
const NAMED_MONTH = dateFormats({ month: "short", year: "numeric", timeZone: "UTC" });
const NAMED_DATE = dateFormats({ dateStyle: "medium", timeZone: "UTC" });

const TOGETHER = inEachLanguage((locale) => new Intl.ListFormat(locale, { type: "unit", style: "short" }));

/** The units of a length of time, largest first. */
const UNITS = (
  [
    ["day", DAY],
    ["hour", HOUR],
    ["minute", MINUTE],
    ["second", SECOND],
  ] as const
).map(([unit, size]) => ({
  unit,
  size,
  format: numberFormats({ style: "unit", unit, unitDisplay: "short" }),
}));

/** How long ago or from now: `3 min. ago`, `in 2 hr.`, and a date when it is over a week away. */
export function relativeTime(at: number, now: number, locale?: string): string {
  const away = at - now;
  const size = Math.abs(away);
  const format = AGO(locale);
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
  return DATE(locale).format(at);
}

/** Date and time of day, with the time zone when asked. */
export function absoluteTime(at: number, withZone = false, locale?: string): string {
  const format = withZone ? MOMENT_IN_ZONE : MOMENT;
  return format(locale).format(at);
}

/** A moment that is planned, to the minute and with the time zone: `Sat, Nov 21, 6:00 PM UTC`. */
export function plannedTime(at: number, locale?: string): string {
  return PLANNED(locale).format(at);
}

/** A day that was given as `2026-11-21`, as a person writes it: `Nov 21`. */
export function dayName(day: string, locale?: string): string {
  return NAMED_DAY(locale).format(dayStart(day));
}

/** An hour (`2026-11-21T13`), a day (`2026-11-21`) or a month (`2026-11`), as a person writes it: `1 PM`, `Nov 21`, `Nov 2026`. */
export function spanName(span: string, locale?: string): string {
  if (span.includes("T")) {
    return NAMED_HOUR(locale).format(Date.parse(`${span}:00:00Z`));
  }
  if (span.length === "2026-11".length) {
    const start = Date.parse(`${span}-01T00:00:00Z`);
    return NAMED_MONTH(locale).format(start);
  }
  return dayName(span, locale);
}

/** The same with its year: `Nov 21, 2026`. */
export function dayOfYear(day: string, locale?: string): string {
  return NAMED_DATE(locale).format(dayStart(day));
}

/** The day of a moment where the person is, as it stands in a file's name: `2026-11-21`. */
export function calendarDay(at: number): string {
  return FILE_DAY("sv").format(at);
}

function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** A length of time in its two largest units: `2 hr, 5 min`. */
export function duration(length: number, locale?: string): string {
  let rest = Math.max(0, length);
  const parts: string[] = [];
  for (const { unit, size, format } of UNITS) {
    const count = Math.floor(rest / size);
    const isLast = unit === "second" && parts.length === 0;
    if (count > 0 || isLast) {
      parts.push(format(locale).format(count));
      rest -= count * size;
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return TOGETHER(locale).format(parts);
}

/** The short name of the computer's time zone at a moment, such as `GMT+1`. */
export function zoneName(at: number, locale?: string): string {
  const parts = ZONE(locale).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
