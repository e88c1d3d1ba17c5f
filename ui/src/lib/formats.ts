/**
 * Formats are slow to make and quick to use: what is made here at module scope gives the one of a language, made once.
 * `locale` is a BCP 47 tag; without one, the window's language counts.
 */
type Formats<Format> = (locale?: string) => Format;

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

/** How languages write numbers. */
export function numberFormats(options?: Intl.NumberFormatOptions): Formats<Intl.NumberFormat> {
  return inEachLanguage((locale) => new Intl.NumberFormat(locale, options));
}

/** How languages write dates and times of day. */
export function dateFormats(options: Intl.DateTimeFormatOptions): Formats<Intl.DateTimeFormat> {
  const inZones = new Map<string | undefined, Formats<Intl.DateTimeFormat>>();
  return (locale) => {
    const known = inZones.get(zone);
    if (known !== undefined) {
      return known(locale);
    }
    const shown = { ...(zone !== undefined && { timeZone: zone }), ...options };
    const formats = inEachLanguage((language) => new Intl.DateTimeFormat(language, shown));
    inZones.set(zone, formats);
    return formats(locale);
  };
}

/** How languages say how long ago something was. */
export function distanceFormats(options: Intl.RelativeTimeFormatOptions): Formats<Intl.RelativeTimeFormat> {
  return inEachLanguage((locale) => new Intl.RelativeTimeFormat(locale, options));
}

/** Makes something for a language when it is first asked for in it. */
export function inEachLanguage<Format>(make: (locale: string) => Format): Formats<Format> {
  const made = new Map<string, Format>();
  return (locale = current) => {
    const known = made.get(locale);
    if (known !== undefined) {
      return known;
    }
    const format = make(locale);
    made.set(locale, format);
    return format;
  };
}
