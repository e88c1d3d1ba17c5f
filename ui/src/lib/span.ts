/** Lengths of time as the app writes them: a whole number of minutes, hours or days, such as `90m`, `12h`, `2d`. */

export const UNITS = ["m", "h", "d"] as const;
export type SpanUnit = (typeof UNITS)[number];

const MINUTES: Record<SpanUnit, number> = { m: 1, h: 60, d: 1440 };

export interface Span {
  count: string;
  unit: SpanUnit;
}

/** Reads what the app writes; null for anything else. */
export function readSpan(text: string): Span | null {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  return count === undefined || unit === undefined ? null : { count, unit: unit as SpanUnit };
}

/** A number of seconds in the largest unit that fits it. */
export function spanOf(seconds: number): Span {
  const minutes = Math.ceil(seconds / 60);
  const unit = minutes % MINUTES.d === 0 ? "d" : minutes % MINUTES.h === 0 ? "h" : "m";
  return { count: String(minutes / MINUTES[unit]), unit };
}

/** How many minutes a span has that was typed; null when it is not a whole number above zero. */
export function minutesOf({ count, unit }: Span): number | null {
  const typed = count.trim();
  const minutes = /^\d{1,7}$/.test(typed) ? Number(typed) * MINUTES[unit] : 0;
  return minutes > 0 ? minutes : null;
}

/** As the app reads it. */
export function writeSpan({ count, unit }: Span): string {
  return `${Number(count.trim())}${unit}`;
}
