import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import settings from "../../project.inlang/settings.json";
import { m } from "./paraglide/messages";

const files = readdirSync("messages/en");
const written = files.map((file) =>
  Object.keys(JSON.parse(readFileSync(`messages/en/${file}`, "utf8")) as object).filter(
    (key) => key !== "$schema",
  ),
);

test("every message that was written is compiled, and none twice", () => {
  // The compiler leaves messages out without a word when it cannot load its plugin.
  expect(new Set(Object.keys(m))).toEqual(new Set(written.flat()));
  expect(written.flat().length).toBe(new Set(written.flat()).size);
});

test("no message is written that nothing says", () => {
  const said = new Set<string>();
  for (const file of readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (/\.tsx?$/.test(file) && !file.includes("paraglide")) {
      for (const [, key = ""] of readFileSync(join("src", file), "utf8").matchAll(/\bm\.(\w+)/g)) {
        said.add(key);
      }
    }
  }
  expect(written.flat().filter((key) => !said.has(key))).toEqual([]);
});

test("a feature's messages begin with its name, in a file that is compiled", () => {
  const patterns = settings["plugin.inlang.messageFormat"].pathPattern;
  for (const [at, file] of files.entries()) {
    expect(patterns).toContain(`./messages/{locale}/${file}`);
    const others = written[at]?.filter((key) => !key.startsWith(file.replace(".json", "_")));
    expect(others, file).toEqual([]);
  }
});

test("a count is told in words that fit it", () => {
  expect(m.shell_attention_count({ count: 1 })).toBe("1 payment");
  expect(m.shell_attention_count({ count: 2 })).toBe("2 payments");
});
