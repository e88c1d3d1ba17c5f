import { expect, test } from "vitest";
import { daysOf, isDay } from "./period";

const NOON = Date.UTC(2026, 10, 21, 12);

test("a period means its days, today included", () => {
  expect(daysOf("today", NOON)).toEqual({ from: "2026-11-21", to: "2026-11-21" });
  expect(daysOf("quarter", NOON)).toEqual({ from: "2026-08-24", to: "2026-11-21" });
  expect(daysOf("week", NOON)).toEqual({ from: "2026-11-15", to: "2026-11-21" });
  expect(daysOf("weeks", NOON)).toEqual({ from: "2026-10-25", to: "2026-11-21" });
  expect(daysOf("month", NOON)).toEqual({ from: "2026-11-01", to: "2026-11-21" });
  expect(daysOf("last-month", NOON)).toEqual({ from: "2026-10-01", to: "2026-10-31" });
  expect(daysOf("year", NOON)).toEqual({ from: "2025-12-01", to: "2026-11-21" });
});

test("the month before January is December of the year before", () => {
  expect(daysOf("last-month", Date.UTC(2027, 0, 3))).toEqual({ from: "2026-12-01", to: "2026-12-31" });
});

test("one's own days are taken where they are days", () => {
  const own = { from: "2026-02-01", to: "2026-02-28" };
  expect(daysOf("own", NOON, own)).toEqual(own);
  expect(daysOf("own", NOON, { from: "2026-02-30", to: "2026-02-28" })).toEqual({
    from: "2026-02-01",
    to: "2026-02-28",
  });
  expect(daysOf("own", NOON, {})).toEqual({ from: "2026-10-25", to: "2026-11-21" });
});

test("a day that there is not is none", () => {
  expect(["2026-02-28", "2028-02-29"].every(isDay)).toBe(true);
  expect(["2026-02-29", "2026-2-1", "21.11.2026", "", "2026-13-01"].some(isDay)).toBe(false);
});
