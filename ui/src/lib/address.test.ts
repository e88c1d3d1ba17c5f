import { expect, test } from "vitest";
import { bareUrl, isLoopback, shorten } from "./address";

test("a long address keeps both ends, by which people compare it", () => {
  expect(shorten("0x90F79bf6EB2c4f870365E785982E1f101E93b906")).toBe("0x90F7…b906");
  expect(shorten("0x90F79bf6EB2c4f870365E785982E1f101E93b906", 8, 6)).toBe("0x90F79b…93b906");
  expect(shorten("/photo")).toBe("/photo");
});

test("a link is shown without what says nothing", () => {
  expect(bareUrl("http://127.0.0.1:4021/")).toBe("127.0.0.1:4021");
  expect(bareUrl("https://stall.example/guide")).toBe("stall.example/guide");
});

test("only this computer is this computer", () => {
  expect(isLoopback("http://127.0.0.1:4021")).toBe(true);
  expect(isLoopback("http://[::1]:4021/")).toBe(true);
  expect(isLoopback("http://localhost:4021")).toBe(true);
  expect(isLoopback("http://localhost.example")).toBe(false);
  expect(isLoopback("https://stall.example")).toBe(false);
});
