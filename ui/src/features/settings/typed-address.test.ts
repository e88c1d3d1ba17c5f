import { expect, test } from "vitest";
import { cleaned, isSame, readAddress } from "./typed-address";

const ADDRESS = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

test("what comes along when an address is copied is taken away", () => {
  for (const pasted of [
    ADDRESS,
    `  ${ADDRESS}\n`,
    `"${ADDRESS}"`,
    `\u200b${ADDRESS}\ufeff`,
    `ethereum:${ADDRESS}`,
    `ethereum:${ADDRESS}@84532`,
    `https://basescan.org/address/${ADDRESS}?tab=tokens`,
    `0X${ADDRESS.slice(2)}`,
    `${ADDRESS.slice(0, 20)} ${ADDRESS.slice(20)}`,
  ]) {
    expect(cleaned(pasted)).toBe(ADDRESS);
    expect(readAddress(pasted)).toEqual({ value: ADDRESS, problem: null });
  }
});

test("the spelling of the digits is kept, because the checksum is in it", () => {
  expect(readAddress(ADDRESS.toLowerCase()).value).toBe(ADDRESS.toLowerCase());
  expect(readAddress(ADDRESS).value).toBe(ADDRESS);
});

test("what is no address is said to be none", () => {
  expect(readAddress(" ").problem).toBe("empty");
  for (const text of [
    "ada.eth",
    ADDRESS.slice(0, 41),
    `${ADDRESS}0`,
    ADDRESS.slice(2),
    `0x${"g".repeat(40)}`,
  ]) {
    expect(readAddress(text).problem).toBe("wrong");
  }
});

test("of two addresses none is guessed", () => {
  const other = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
  expect(readAddress(`ethereum:${other}/transfer?address=${ADDRESS}`).problem).toBe("many");
  expect(readAddress(`ethereum:${ADDRESS}/${ADDRESS.toLowerCase()}`).value).not.toBeNull();
});

test("two spellings name the same account", () => {
  expect(isSame(ADDRESS, ADDRESS.toLowerCase())).toBe(true);
  expect(isSame(ADDRESS, "0x036CbD53842c5426634e7929541eC2318f3dCF7e")).toBe(false);
});
