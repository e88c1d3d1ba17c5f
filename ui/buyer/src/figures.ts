/** Sizes, times and addresses as people read them. */

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** `4.2 MB`: decimal units, as shops and download managers count. */
export function formatBytes(bytes: number, locale?: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)}\u00a0${UNITS[unit]}`;
}

/** A moment with its time zone: `Nov 21, 2026, 2:30 PM UTC`. */
export function formatTime(at: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(at);
}

/** `0x1234…abcd`; the whole stands beside it where it matters. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
