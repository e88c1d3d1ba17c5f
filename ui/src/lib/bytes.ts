import { numberFormats } from "./formats";

const BYTES = numberFormats({ style: "unit", unit: "byte", unitDisplay: "long", maximumFractionDigits: 0 });

/** Each unit for what is large in it, and for what is not. */
const UNITS = ["kilobyte", "megabyte", "gigabyte", "terabyte"].map((unit) => ({
  whole: numberFormats({ style: "unit", unit, maximumFractionDigits: 0 }),
  tenths: numberFormats({ style: "unit", unit, maximumFractionDigits: 1 }),
}));

/** A file's length as people say it: `4.2 MB`. `locale` is a BCP 47 tag; without one, the system's language. */
export function formatBytes(bytes: number, locale?: string): string {
  let size = bytes;
  let place = 0;
  while (size >= 999.5 && place < UNITS.length) {
    size /= 1000;
    place += 1;
  }
  const unit = UNITS[place - 1];
  const format = unit === undefined ? BYTES : size < 10 ? unit.tenths : unit.whole;
  return format(locale).format(size);
}
