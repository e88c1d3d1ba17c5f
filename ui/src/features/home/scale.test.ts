import { expect, test } from "vitest";
import { FULL, lines, share } from "./scale";

test("the lines of a chart stand at round amounts and reach above the highest bar", () => {
  const top = (most: bigint) => lines(most, 6);
  expect(top(3_150_000n)).toEqual([0n, 1_000_000n, 2_000_000n, 3_000_000n, 4_000_000n]);
  expect(top(1_700_000n)).toEqual([0n, 500_000n, 1_000_000n, 1_500_000n, 2_000_000n]);
  expect(top(50_000n)).toEqual([0n, 20_000n, 40_000n, 60_000n]);
  expect(top(3n)).toEqual([0n, 1n, 2n, 3n]);
});

test("a chart without money still has lines", () => {
  expect(lines(0n, 6)).toHaveLength(5);
});

test("amounts that no number can hold keep their order and their shares", () => {
  const top = 9_007_199_254_740_993n * 4n;
  expect(share(top, top)).toBe(FULL);
  expect(share(top / 4n, top)).toBe(FULL / 4);
  expect(share(1n, top)).toBe(0);
  expect(share(5n, 0n)).toBe(0);
});

test("every amount finds lines, at most five steps of them", () => {
  for (let most = 1n; most < 10n ** 15n; most = most * 7n + 3n) {
    const found = lines(most, 6);
    expect(found.at(-1)).toBeGreaterThanOrEqual(most);
    expect(found.length).toBeLessThanOrEqual(6);
    expect(found.length).toBeGreaterThanOrEqual(2);
  }
});
