import { expect, test } from "vitest";
import { freePath, pathFor, pathProblem, toPath } from "./path";

test("a link's end is understood with and without its slash", () => {
  expect(toPath("guide")).toBe("/guide");
  expect(toPath(" //guide ")).toBe("/guide");
  expect(toPath("")).toBe("/");
});

test("what the app sells at is found right", () => {
  for (const path of ["/guide", "/a/b/c.pdf", "/Stems_2026/kick-01.wav", "/~ada", "/a..b"]) {
    expect(pathProblem(path, []), path).toBeNull();
  }
});

test("a title makes a path of small letters, as it sounds, or none", () => {
  expect(pathFor("Tide tables (2nd ed.)")).toBe("/tide-tables-2nd-ed");
  expect(pathFor("JavaScript für alle")).toBe("/javascript-fuer-alle");
  expect(pathFor(`${"a".repeat(59)} b`)).toBe(`/${"a".repeat(59)}`);
  expect(pathFor("…")).toBeNull();
  for (const title of ["<script>alert(1)</script>", "../../etc", "\u202efdp", "日本", "👩 & me"]) {
    const path = pathFor(title);
    expect(path === null ? null : pathProblem(path, []), title).toBeNull();
  }
});

test("a taken path gets the first free number", () => {
  expect(freePath("/guide", ["/guide", "/guide-2"])).toBe("/guide-3");
  expect(freePath("/guide", ["/guide-2"])).toBe("/guide");
});

test("every other spelling is told with its reason", () => {
  for (const [path, problem] of [
    ["/", "empty"],
    ["/guide/", "empty_part"],
    ["/a//b", "empty_part"],
    ["/a/../guide", "dots"],
    ["/%67uide", "character"],
    ["/a b", "character"],
    ["/gu\u0131de", "character"],
    ["/.well-known/x402", "reserved"],
    [`/${"a".repeat(512)}`, "too_long"],
    ["/guide", "taken"],
  ] as const) {
    expect(pathProblem(path, ["/guide"])?.problem, path).toBe(problem);
  }
  expect(pathProblem("/a👩b", [])?.character).toBe("👩");
});
