import { expect, test } from "vitest";
import { addressPage, transactionPage } from "./explorer";

const BASE = { explorer: "https://basescan.org" };

test("a transaction and an address are shown by the explorer of their own network", () => {
  expect(transactionPage(BASE, "0x12")).toBe("https://basescan.org/tx/0x12");
  expect(addressPage(BASE, "0xab")).toBe("https://basescan.org/address/0xab");
});

test("where nobody else can see the chain, and while it is not known, there is no page", () => {
  expect(transactionPage({ explorer: null }, "0x12")).toBeNull();
  expect(addressPage(undefined, "0xab")).toBeNull();
});
