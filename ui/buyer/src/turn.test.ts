import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Turn } from "./turn";

/** Where there are no locks, tabs agree through what they store. */
let stored: Map<string, string>;
const tab = () =>
  new Turn("/guide", undefined, {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => void stored.set(name, value),
    removeItem: (name) => void stored.delete(name),
  });

beforeEach(() => {
  stored = new Map();
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("one tab at a time is at it, however long it takes", async () => {
  const [one, other] = [tab(), tab()];
  let finish = () => {};
  const work = one.take(
    () =>
      new Promise((done) => {
        finish = done;
      }),
  );
  for (let seconds = 0; seconds < 60; seconds += 5) {
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await other.take(() => Promise.reject(new Error("twice")))).toBe(false);
  }
  finish();
  expect(await work).toBe(true);
  expect(await other.take(async () => {})).toBe(true);
});

test("the others hear when it is done", async () => {
  const [one, other] = [tab(), tab()];
  const work = one.take(() => new Promise((done) => setTimeout(done, 10_000)));
  const isFree = vi.fn();
  void other.free().then(isFree);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(isFree).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(3_000);
  await work;
  expect(isFree).toHaveBeenCalledOnce();
});

test("a tab that was closed meanwhile does not keep the others out", async () => {
  const closed = tab();
  void closed.take(() => new Promise(() => {}));
  vi.clearAllTimers();
  await vi.advanceTimersByTimeAsync(6_001);
  expect(await tab().take(async () => {})).toBe(true);
});

test("work that fails lets go", async () => {
  const one = tab();
  await expect(one.take(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await tab().take(async () => {})).toBe(true);
});
