import { expect, test } from "vitest";
import { slotsOf } from "./useSlots";

const first = slotsOf(["a", "b", "c"], new Map());

test("rows that are scrolled past leave their elements to those that come", () => {
  expect([...slotsOf(["b", "c", "d"], first)]).toEqual([
    ["b", first.get("b")],
    ["c", first.get("c")],
    ["d", first.get("a")],
  ]);
});

test("after a jump, every element shows another row, in the order in which they stand", () => {
  expect([...slotsOf(["x", "y", "z"], first).values()]).toEqual([...first.values()]);
});

test("a row that comes in above the others gets an element of its own, so that none of theirs moves", () => {
  const now = slotsOf(["new", "a", "b"], first);
  expect([...first.values()]).not.toContain(now.get("new"));
  expect([now.get("a"), now.get("b")]).toEqual([first.get("a"), first.get("b")]);
});

test("a row of the keyboard that stays far above does not keep the others from taking over", () => {
  const now = slotsOf(["a", "x", "y"], first);
  expect([...now.values()]).toEqual([...first.values()]);
});

test("the element of the row that has the focus is not given to another row when that one leaves", () => {
  const now = slotsOf(["b", "c", "d"], first, "a");
  expect([...now.values()]).not.toContain(first.get("a"));
});

test("no two rows ever share an element", () => {
  let now = first;
  for (const ids of [["c", "d"], ["b", "c", "d", "e"], ["q"], ["p", "q", "r", "s"], ["s"], ["r", "s", "t"]]) {
    now = slotsOf(ids, now);
    expect(new Set(now.values()).size).toBe(ids.length);
  }
});
