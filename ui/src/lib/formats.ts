/** Formats are slow to make and quick to use, so each is made once. `locale` is a BCP 47 tag. */

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();
const distances = new Map<string, Intl.RelativeTimeFormat>();

/** The language numbers are written in where none is asked for: the system's, or English where that has none set. */
const systemLocale = spoken(new Intl.NumberFormat().resolvedOptions().locale);

let current = systemLocale;

/** Writes numbers and dates as a language does from now on; as the system does without one. */
export function writeAs(locale: string | null): void {
  current = locale ?? systemLocale;
}

let zone: string | undefined;

/** Shows the times of a zone from now on; of the computer's without one. */
export function showTimesOf(wanted: string | null): void {
  zone = wanted ?? undefined;
}

/** The language numbers and dates are written in, as a BCP 47 tag. */
export function writtenAs(): string {
  return current;
}

/** POSIX writes for machines: no groups, and a space after the dollar. */
export function spoken(locale: string): string {
  return locale.endsWith("-posix") ? "en-US" : locale;
}

/** How a language writes numbers; without a locale, the window's. */
export function numberFormat(locale = current, options?: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept(numbers, locale, options, () => new Intl.NumberFormat(locale, options));
}

/** How a language writes dates and times of day. */
export function dateFormat(locale = current, options?: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const shown = zone === undefined ? options : { timeZone: zone, ...options };
  return kept(dates, locale, shown, () => new Intl.DateTimeFormat(locale, shown));
}

/** How a language says how long ago something was. */
export function distanceFormat(
  locale = current,
  options?: Intl.RelativeTimeFormatOptions,
): Intl.RelativeTimeFormat {
  return kept(distances, locale, options, () => new Intl.RelativeTimeFormat(locale, options));
}

function kept<Format>(
  known: Map<string, Format>,
  locale: string,
  options: object | undefined,
  make: () => Format,
): Format {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = known.get(key) ?? make();
  known.set(key, format);
  return format;
}
