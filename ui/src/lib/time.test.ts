import { expect, test } from "vitest";
import { showTimesOf } from "./formats";
import { calendarDay, dayName, dayOfYear, duration, relativeTime } from "./time";

const now = Date.UTC(2026, 10, 21, 12, 0, 0);
const minutes = (count: number) => now + count * 60_000;

test("near times are told by how far away they are", () => {
  expect(relativeTime(now, now, "en")).toBe("now");
  expect(relativeTime(minutes(-3), now, "en")).toBe("3 min. ago");
  expect(relativeTime(minutes(45), now, "en")).toBe("in 1 hr.");
  expect(relativeTime(minutes(-60 * 23), now, "en")).toBe("yesterday");
});

test("far times are told by their date", () => {
  expect(relativeTime(minutes(-60 * 24 * 10), now, "en")).toBe("Nov 11, 2026");
});

test("a day keeps its name in every time zone", () => {
  expect(dayName("2026-11-21", "en")).toBe("Nov 21");
  expect(dayOfYear("2026-11-21", "en")).toBe("Nov 21, 2026");
});

test("the day in a file's name is the person's own", () => {
  const late = Date.UTC(2026, 0, 9, 23, 30);
  showTimesOf("UTC");
  expect(calendarDay(late)).toBe("2026-01-09");
  showTimesOf("Asia/Tokyo");
  expect(calendarDay(late)).toBe("2026-01-10");
  showTimesOf(null);
});

test("a length of time has at most two units, next to each other", () => {
  expect(duration(0, "en")).toBe("0 sec");
  expect(duration(65_000, "en")).toBe("1 min, 5 sec");
  expect(duration(2 * 3_600_000 + 5_000, "en")).toBe("2 hr");
  expect(duration(3 * 86_400_000, "en")).toBe("3 days");
});
