import { expect, test } from "vitest";
import { SteppedClock } from "./clock";

test("what is due happens in order, each at its own moment", () => {
  const clock = new SteppedClock(1000);
  const seen: [string, number][] = [];
  const note = (what: string) => () => seen.push([what, clock.now()]);
  clock.after(30, note("late"));
  clock.after(10, note("early"));
  clock.after(10, note("early too"));
  clock.advance(20);
  expect(seen).toEqual([
    ["early", 1010],
    ["early too", 1010],
  ]);
  clock.advance(20);
  expect(seen.at(-1)).toEqual(["late", 1030]);
  expect(clock.now()).toBe(1040);
});

test("what is asked for on the way still happens in the same stretch of time", () => {
  const clock = new SteppedClock(0);
  const seen: number[] = [];
  const again = () => {
    seen.push(clock.now());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(35);
  expect(seen).toEqual([10, 20, 30]);
});

test("time never runs backwards", () => {
  const clock = new SteppedClock(100);
  clock.advanceTo(50);
  expect(clock.now()).toBe(100);
});
