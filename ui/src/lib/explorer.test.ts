import { expect, test } from "vitest";
import { addressPage, transactionPage } from "./explorer";

test("a transaction is shown by the explorer of its own network", () => {
  expect(transactionPage("live", "eip155:8453", "0x12")).toBe("https://basescan.org/tx/0x12");
  expect(transactionPage("test", "eip155:84532", "0x12")).toBe("https://sepolia.basescan.org/tx/0x12");
  expect(addressPage("live", "eip155:8453", "0xab")).toBe("https://basescan.org/address/0xab");
});

test("practice and unknown networks have no explorer", () => {
  expect(transactionPage("practice", "eip155:84532", "0x12")).toBeNull();
  expect(transactionPage("live", "eip155:1", "0x12")).toBeNull();
});
