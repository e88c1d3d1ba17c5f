import { inEachLanguage, numberFormats } from "./formats";

/**
 * Money as decimal strings, such as `0.05`. Never a number: a number cannot hold every amount.
 * `locale` is a BCP 47 tag; without one, the window's language counts.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Places that are always written, so that amounts line up. */
const PLACES = 2;

const MINUS = "\u2212";

const GROUPED = numberFormats({ useGrouping: true });
const COUNTS = numberFormats();

interface Marks {
  decimal: string;
  group: string;
}

/** What a language puts between whole and part, and between thousands. */
function marks(locale?: string): Marks {
  const parts = GROUPED(locale).formatToParts(-1234567.5);
  const find = (type: string) => parts.find((part) => part.type === type)?.value;
  return { decimal: find("decimal") ?? ".", group: find("group") ?? "," };
}

/** An exact decimal in the way the language writes it: `1234.5` becomes `1,234.50`. */
export function formatDecimal(decimal: string, locale?: string, least = PLACES): string {
  return exactly(decimal, inDecimals(locale), least);
}

/** The same as US dollars: `$0.05`. */
export function formatUsd(decimal: string, locale?: string): string {
  return exactly(decimal, inDollars(locale), PLACES);
}

/** A count in the way the language writes it. */
export function formatCount(count: number, locale?: string): string {
  return COUNTS(locale).format(count);
}

/** How many decimals an exact decimal is written with. */
export function placesOf(decimal: string, least = PLACES): number {
  const [, , , part = ""] = DECIMAL.exec(decimal) ?? [];
  return Math.max(least, part.replace(/0+$/, "").length);
}

/** The most decimals that one of several is written with, so that all can be lined up by their points. */
export function mostPlaces(decimals: readonly string[], least = PLACES): number {
  return decimals.reduce((most, decimal) => Math.max(most, placesOf(decimal, least)), least);
}

/** How long the longest of several is once all are lined up by their points. */
export function longest(decimals: readonly string[], places: number): number {
  return decimals.reduce((most, decimal) => Math.max(most, decimal.length + places - placesOf(decimal)), 0);
}

/** How a language writes an amount: everything but its decimals, and what those are put in with. */
interface Writing {
  whole: Intl.NumberFormat;
  mark: string;
  digits: readonly string[];
  /** How many characters follow the decimals. */
  after: number;
}

function writingOf(style: Intl.NumberFormatOptions, locale: string): Writing {
  const whole = new Intl.NumberFormat(locale, {
    ...style,
    minimumFractionDigits: 0,
    maximumFractionDigits: 0,
  });
  const parts = new Intl.NumberFormat(locale, { ...style, minimumFractionDigits: 1 }).formatToParts(0.5);
  const following = parts.slice(parts.findIndex(({ type }) => type === "fraction") + 1);
  return {
    whole,
    mark: parts.find(({ type }) => type === "decimal")?.value ?? ".",
    digits: Array.from({ length: 10 }, (_, digit) => COUNTS(locale).format(digit)),
    after: following.reduce((length, { value }) => length + value.length, 0),
  };
}

const DOLLARS: Intl.NumberFormatOptions = {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
};

const inDecimals = inEachLanguage((locale) => writingOf({ style: "decimal" }, locale));
const inDollars = inEachLanguage((locale) => writingOf(DOLLARS, locale));

/** Lets the language arrange the whole part, which is exact as a bigint, and puts our own digits behind it. */
function exactly(decimal: string, { whole: format, mark, digits, after }: Writing, least: number): string {
  const match = DECIMAL.exec(decimal);
  if (match === null) {
    return decimal;
  }
  const [, sign = "", whole = "0", part = ""] = match;
  const shown = part.replace(/0+$/, "").padEnd(least, "0");
  const decimals = shown === "" ? "" : mark + shown.replace(/\d/g, (digit) => digits[Number(digit)] ?? digit);
  const arranged = format.format(BigInt(whole));
  const end = arranged.length - after;
  const text = arranged.slice(0, end) + decimals + arranged.slice(end);
  const isNegative = sign === "-" && /[1-9]/.test(whole + part);
  return isNegative ? MINUS + text : text;
}

/** Why a text is not an amount. */
export type AmountProblem = "empty" | "not_a_number" | "ambiguous" | "too_many_decimals" | "zero";

/** A positive amount that was typed, or why it is none. */
export type TypedAmount = { value: string; problem: null } | { value: null; problem: AmountProblem };

/**
 * Reads what somebody typed, exactly. Both `0,05` and `0.05` are understood in every language; `1,234`
 * could be either and is refused where the language uses the comma for thousands.
 */
export function parseAmount(text: string, maxDecimals: number, locale?: string): TypedAmount {
  const typed = text.replace(/[\s\u00a0\u202f'’_$€]/g, "");
  if (typed === "") {
    return refused("empty");
  }
  if (!/^[\d.,]+$/.test(typed) || !/\d/.test(typed)) {
    return refused("not_a_number");
  }
  const decimal = decimalMark(typed, marks(locale));
  if (decimal === "ambiguous" || decimal === "wrong") {
    return refused(decimal === "wrong" ? "not_a_number" : decimal);
  }
  const at = decimal === null ? -1 : typed.lastIndexOf(decimal);
  const head = at < 0 ? typed : typed.slice(0, at);
  const part = at < 0 ? "" : typed.slice(at + 1);
  if (/[.,]/.test(head) && !/^\d{1,3}([.,]\d{3})+$/.test(head)) {
    return refused("not_a_number");
  }
  const whole = head.replace(/[.,]/g, "").replace(/^0+(?=\d)/, "") || "0";
  const kept = part.replace(/0+$/, "");
  if (kept.length > maxDecimals) {
    return refused("too_many_decimals");
  }
  if (!/[1-9]/.test(whole + kept)) {
    return refused("zero");
  }
  return { value: kept === "" ? whole : `${whole}.${kept}`, problem: null };
}

function refused(problem: AmountProblem): TypedAmount {
  return { value: null, problem };
}

/** Which of the two marks stands before the part; null when none does. */
function decimalMark(typed: string, { group }: Marks): "." | "," | null | "ambiguous" | "wrong" {
  const dots = typed.split(".").length - 1;
  const commas = typed.split(",").length - 1;
  if (dots === 0 && commas === 0) {
    return null;
  }
  if (dots > 0 && commas > 0) {
    const last = typed.lastIndexOf(".") > typed.lastIndexOf(",") ? "." : ",";
    return (last === "." ? dots : commas) === 1 ? last : "wrong";
  }
  const mark = dots > 0 ? "." : ",";
  if (dots + commas > 1) {
    return null;
  }
  const thousands = mark === group && /^[1-9]\d{0,2}[.,]\d{3}$/.test(typed);
  return thousands ? "ambiguous" : mark;
}

/** `0.05` with 6 decimals is 50000 atomic units. */
export function toAtomic(decimal: string, decimals: number): bigint {
  const match = DECIMAL.exec(decimal);
  const part = match?.[3] ?? "";
  if (match === null || part.length > decimals) {
    throw new RangeError(`${decimal} is not an amount with ${decimals} decimals`);
  }
  const units = BigInt(match[2] + part.padEnd(decimals, "0"));
  return match[1] === "-" ? -units : units;
}

/** What several exact decimals come to together. */
export function sumOf(decimals: readonly string[]): string {
  const places = mostPlaces(decimals);
  return fromAtomic(
    decimals.reduce((sum, decimal) => sum + toAtomic(decimal, places), 0n),
    places,
  );
}

/** 50000 atomic units with 6 decimals are `0.05`; at least two places are kept. */
export function fromAtomic(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits
    .slice(digits.length - decimals)
    .replace(/0+$/, "")
    .padEnd(PLACES, "0");
  return `${units < 0n ? "-" : ""}${whole}.${part}`;
}
