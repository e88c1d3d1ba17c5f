import { numberFormat } from "./formats";

/** A part of a count in hundredths, as it is written: `12%`. Null where it is none, because who pays at once was shown nothing. */
export function share(part: number, of: number): string | null {
  if (of === 0 || part > of) {
    return null;
  }
  const ratio = part / of;
  return numberFormat(undefined, {
    style: "percent",
    maximumFractionDigits: ratio > 0 && ratio < 0.1 ? 1 : 0,
  }).format(ratio);
}
