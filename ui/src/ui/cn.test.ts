import { expect, test } from "vitest";
import { cn } from "./cn";

test("class names are joined, and two that set the same thing are found out", () => {
  expect(cn("flex", false, ["p-1", null])).toBe("flex p-1");
  expect(() => cn("p-1", "p-2")).toThrow("others outdo p-1");
  expect(() => cn("text-body text-text", "text-form")).toThrow("others outdo text-body");
});
