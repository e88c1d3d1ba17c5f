import { expect, test } from "vitest";
import { decimal, price } from "./money";

test("a price is read exactly and written back the same", () => {
  for (const [text, atomic, written] of [
    ["0.05", 50_000n, "0.05"],
    [".5", 500_000n, "0.50"],
    ["1", 1_000_000n, "1.00"],
    ["0.000001", 1n, "0.000001"],
    [" 12.3400 ", 12_340_000n, "12.34"],
    ["9223372036854.775807", 2n ** 63n - 1n, "9223372036854.775807"],
  ] as const) {
    expect(price(text)).toBe(atomic);
    expect(decimal(atomic)).toBe(written);
  }
});

test("what is not a price is refused", () => {
  for (const text of ["", ".", "1.", "-1", "1e3", "0,05", "0", "0.0000001", "9223372036854.775808"]) {
    expect(() => price(text), text).toThrowError(expect.objectContaining({ code: "invalid_request" }));
  }
});
