import { numberFormats } from "./formats";

const WHOLE = numberFormats({ style: "percent" });
const TENTHS = numberFormats({ style: "percent", maximumFractionDigits: 1 });

/** A part of a count in hundredths, as it is written: `12%`. Null where it is none, because who pays at once was shown nothing. */
export function share(part: number, of: number): string | null {
  if (of === 0 || part > of) {
    return null;
  }
  const ratio = part / of;
  const format = ratio > 0 && ratio < 0.1 ? TENTHS : WHOLE;
  return format().format(ratio);
}
