import { expect, test } from "vitest";
import { coinPlaces, formatCoin, fromWei, shortCoin } from "./coin";

test("gas money is cut to four digits that count", () => {
  expect(shortCoin("0.000002512345678901", "up", "en")).toBe("0.000002513");
  expect(shortCoin("0.000002512345678901", "down", "en")).toBe("0.000002512");
  expect(shortCoin("0.1", "down", "en")).toBe("0.1");
  expect(shortCoin("12.3456", "down", "en")).toBe("12.34");
  expect(shortCoin("1234567.891", "down", "en")).toBe("1,234,567.89");
  expect(shortCoin("0", "down", "en")).toBe("0");
});

test("an amount has no more places than it needs, and what stands in a column knows the most of them", () => {
  expect(formatCoin("0.1", "de")).toBe("0,1");
  expect(formatCoin("1234", "en")).toBe("1,234");
  expect(coinPlaces(["0.00009", "0.000089641", "3"], "up")).toBe(8);
});

test("rounding up carries over", () => {
  expect(shortCoin("0.99999", "up", "en")).toBe("1");
  expect(shortCoin("0.00099999", "up", "en")).toBe("0.001");
  expect(shortCoin("0.0009999000", "up", "en")).toBe("0.0009999");
});

test("wei become coin without losing a digit", () => {
  expect(fromWei("5040000000000")).toBe("0.00000504");
  expect(fromWei("0")).toBe("0");
  expect(fromWei("100000000000000000001")).toBe("100.000000000000000001");
});
