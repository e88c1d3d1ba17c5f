import { expect, test } from "vitest";
import { readHash } from "./hash";

const HASH = `0x${"ab".repeat(32)}`;

test("a hash is found alone, with what was copied around it, and in a link", () => {
  for (const text of [HASH, ` "${HASH}"\n`, `https://basescan.org/tx/${HASH}#eventlog`, HASH.toUpperCase()]) {
    expect(readHash(text.replace("0X", "0x"))).toBe(HASH);
  }
});

test("what is shorter or longer than a hash is none", () => {
  for (const text of ["", "0x12", HASH.slice(0, -1), `${HASH}ab`, HASH.slice(2)]) {
    expect(readHash(text)).toBeNull();
  }
});
