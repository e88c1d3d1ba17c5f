import { numberFormat } from "./formats";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A file's length as people say it: `4.2 MB`. `locale` is a BCP 47 tag; without one, the system's language. */
export function formatBytes(bytes: number, locale?: string): string {
  let size = bytes;
  let place = 0;
  while (size >= 999.5 && place < UNITS.length - 1) {
    size /= 1000;
    place += 1;
  }
  return numberFormat(locale, {
    style: "unit",
    unit: UNITS[place] ?? "byte",
    unitDisplay: place === 0 ? "long" : "short",
    maximumFractionDigits: size < 10 && place > 0 ? 1 : 0,
  }).format(size);
}
