import jsQR from "jsqr";
import { expect, test } from "vitest";
import { qr } from "./qr";

const SCALE = 4;
const QUIET = 4;

/** What a camera would see: black on white with the quiet zone around it. */
function read(grid: boolean[][]): string | undefined {
  const side = (grid.length + 2 * QUIET) * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (grid[Math.floor(y / SCALE) - QUIET]?.[Math.floor(x / SCALE) - QUIET]) {
        pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
  }
  return jsQR(pixels, side, side)?.data;
}

const START = "https://stall.example/";

test("addresses of every length that fits are read back by another reader", () => {
  for (let length = START.length; length <= 213; length += 5) {
    const address = START.padEnd(length, "abcdefghij");
    expect(read(qr(address) ?? []), `${length} letters`).toBe(address);
  }
});

test("letters beyond ASCII are read back, too", () => {
  expect(read(qr("https://stall.example/ä/日本") ?? [])).toBe("https://stall.example/ä/日本");
});

test("what no phone would read is not drawn", () => {
  expect(qr(START.padEnd(300, "x"))).toBeNull();
});
