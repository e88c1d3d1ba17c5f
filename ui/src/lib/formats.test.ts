import { expect, test } from "vitest";
import { spoken } from "./formats";

test("a computer on which no language is set writes money as people do", () => {
  expect(spoken("en-US-u-va-posix")).toBe("en-US");
  expect(spoken("de-DE")).toBe("de-DE");
});
