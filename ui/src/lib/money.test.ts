import { expect, test } from "vitest";
import { formatDecimal, formatUsd, fromAtomic, parseAmount, sumOf, toAtomic } from "./money";

test("sums are exact, however many places their parts have", () => {
  expect(sumOf(["0.1", "0.2", "0.000001"])).toBe("0.300001");
  expect(sumOf([])).toBe("0.00");
});

test("an amount is written as the language writes it, to the last digit", () => {
  expect(formatUsd("0.05", "en-US")).toBe("$0.05");
  expect(formatUsd("1284.1", "en-US")).toBe("$1,284.10");
  expect(formatUsd("0.000001", "en-US")).toBe("$0.000001");
  expect(formatUsd("6.40", "de-DE")).toBe("6,40\u00a0$");
  expect(formatDecimal("1234567.5", "de-DE")).toBe("1.234.567,50");
  expect(formatDecimal("0.05", "ar-EG")).toBe("٠٫٠٥");
  expect(formatUsd("1284.1", "ar-EG")).toMatch(/١٬٢٨٤٫١٠/);
  expect(formatUsd("1284.1", "de-CH")).toMatch(/^\$\s1['’]284\.10$/);
});

test("no digit is lost where a number would lose some", () => {
  expect(formatDecimal("9007199254740993.000001", "en-US")).toBe("9,007,199,254,740,993.000001");
  expect(formatUsd("123456789012345678901234567890.12", "en-US")).toBe(
    "$123,456,789,012,345,678,901,234,567,890.12",
  );
});

test("zeros behind the second place are left out, those before are kept", () => {
  expect(formatDecimal("0.500000", "en-US")).toBe("0.50");
  expect(formatDecimal("12", "en-US")).toBe("12.00");
});

test("a loss has a real minus, and nothing is never negative", () => {
  expect(formatUsd("-0.25", "en-US")).toBe("\u2212$0.25");
  expect(formatUsd("-0.00", "en-US")).toBe("$0.00");
});

test("comma and point are both understood, in every language", () => {
  for (const locale of ["en-US", "de-DE", "fr-FR", "de-CH"]) {
    expect(parseAmount("0,05", 6, locale)).toEqual({ value: "0.05", problem: null });
    expect(parseAmount("0.05", 6, locale)).toEqual({ value: "0.05", problem: null });
    expect(parseAmount(" .5 ", 6, locale)).toEqual({ value: "0.5", problem: null });
    expect(parseAmount("$1", 6, locale)).toEqual({ value: "1", problem: null });
  }
});

test("thousands are understood where they cannot be anything else", () => {
  expect(parseAmount("1,234.50", 6, "en-US").value).toBe("1234.5");
  expect(parseAmount("1.234,50", 6, "en-US").value).toBe("1234.5");
  expect(parseAmount("1,234,567", 6, "en-US").value).toBe("1234567");
  expect(parseAmount("1'234.5", 6, "de-CH").value).toBe("1234.5");
});

test("what could be two amounts is asked again instead of guessed", () => {
  expect(parseAmount("1,234", 6, "en-US").problem).toBe("ambiguous");
  expect(parseAmount("1.234", 6, "de-DE").problem).toBe("ambiguous");
  expect(parseAmount("1.234", 6, "en-US").value).toBe("1.234");
  expect(parseAmount("0,234", 6, "en-US").value).toBe("0.234");
});

test("what is no positive amount says why", () => {
  expect(parseAmount("", 6).problem).toBe("empty");
  expect(parseAmount("free", 6).problem).toBe("not_a_number");
  expect(parseAmount("-1", 6).problem).toBe("not_a_number");
  expect(parseAmount("1e3", 6).problem).toBe("not_a_number");
  expect(parseAmount("1,23,4", 6, "en-US").problem).toBe("not_a_number");
  expect(parseAmount("1.2.3,4,5", 6, "en-US").problem).toBe("not_a_number");
  expect(parseAmount("0.00", 6).problem).toBe("zero");
  expect(parseAmount("0.0000001", 6, "en-US").problem).toBe("too_many_decimals");
  expect(parseAmount("0.0000010", 6, "en-US").value).toBe("0.000001");
});

test("atomic units and decimals are the same amount", () => {
  expect(toAtomic("0.05", 6)).toBe(50000n);
  expect(fromAtomic(50000n, 6)).toBe("0.05");
  expect(fromAtomic(-1n, 6)).toBe("-0.000001");
  expect(fromAtomic(toAtomic("9007199254740993.000001", 6), 6)).toBe("9007199254740993.000001");
  expect(() => toAtomic("0.0000001", 6)).toThrow(RangeError);
});
