import { expect, test } from "vitest";
import { readSearch } from "./operators";

test("a search is taken apart into filters and the words that remain", () => {
  expect(readSearch('status:failed amount:>1 product:"Field Notes" 0x12ab')).toEqual({
    states: ["failed"],
    least: "1",
    endpoint: "Field Notes",
    text: "0x12ab",
  });
  expect(readSearch("status:settled state:queued on:2026-11-20")).toEqual({
    states: ["settled", "settled_elsewhere", "queued"],
    from: "2026-11-20",
    to: "2026-11-20",
    text: "",
  });
});

test("amounts are read with either mark, as one, as an end or as both ends", () => {
  expect(readSearch("amount:0,05")).toEqual({ least: "0.05", most: "0.05", text: "" });
  expect(readSearch("amount:<=2")).toEqual({ most: "2", text: "" });
  expect(readSearch("amount:1..2.5")).toEqual({ least: "1", most: "2.5", text: "" });
});

test("what is not understood stays a word to look for", () => {
  expect(readSearch("status:paid amount:lots on:yesterday http://x")).toEqual({
    text: "status:paid amount:lots on:yesterday http://x",
  });
  expect(readSearch('"two words"')).toEqual({ text: "two words" });
  expect(readSearch("  ")).toEqual({ text: "" });
});
