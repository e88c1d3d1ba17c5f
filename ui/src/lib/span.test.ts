import { expect, test } from "vitest";
import { minutesOf, readSpan, spanOf, writeSpan } from "./span";

test("what the app writes is read and written back alike", () => {
  for (const text of ["15m", "90m", "2h", "1d"]) {
    const span = readSpan(text);
    expect(span === null ? null : writeSpan(span)).toBe(text);
  }
  expect(readSpan("2 h")).toBeNull();
  expect(readSpan("soon")).toBeNull();
});

test("seconds are told in the largest unit that fits", () => {
  expect(spanOf(172_800)).toEqual({ count: "2", unit: "d" });
  expect(spanOf(5_400)).toEqual({ count: "90", unit: "m" });
  expect(spanOf(7_200)).toEqual({ count: "2", unit: "h" });
});

test("only whole numbers above zero are spans", () => {
  expect(minutesOf({ count: " 02 ", unit: "h" })).toBe(120);
  for (const count of ["", "0", "1.5", "-1", "two", "12345678"]) {
    expect(minutesOf({ count, unit: "m" })).toBeNull();
  }
});
