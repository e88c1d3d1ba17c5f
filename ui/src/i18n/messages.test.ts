import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import settings from "../../project.inlang/settings.json";
import { LANGUAGES } from "./language";
import { m, speak } from "./messages";
import * as english from "./paraglide/messages/en";

const files = readdirSync("messages/en");
const written = files.map((file) => Object.keys(messagesOf("en", file)));

test("every message that was written is compiled, and none twice", () => {
  // The compiler leaves messages out without a word when it cannot load its plugin.
  expect(new Set(Object.keys(english))).toEqual(new Set(written.flat()));
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

test("no key lacks a translation, and each is given the same values as in English", () => {
  const others = settings.locales.filter((locale) => locale !== settings.baseLocale);
  expect(settings.locales).toEqual(LANGUAGES);
  const wrong = others.flatMap((locale) => {
    expect(readdirSync(`messages/${locale}`)).toEqual(files);
    return files.flatMap((file) => {
      const [english, other] = [messagesOf("en", file), messagesOf(locale, file)];
      const keys = new Set([...Object.keys(english), ...Object.keys(other)]);
      return [...keys]
        .filter((key) => values(english[key]) !== values(other[key]))
        .map((key) => `${locale} ${key}`);
    });
  });
  expect(wrong).toEqual([]);
});

test("a count has a form in every language, also where it is a million", async () => {
  for (const language of [...LANGUAGES].reverse()) {
    await speak(language);
    for (const count of [0, 1, 2, 5, 1_000_000]) {
      expect(m.shell_attention_count({ count })).toContain(String(count));
    }
  }
});

test("a message that was looked up before says itself in the language that is spoken now", async () => {
  const said = m.ui_state_queued;
  const inEnglish = said();
  await speak("de");
  expect(said()).not.toBe(inEnglish);
  await speak("en");
  expect(said()).toBe(inEnglish);
});

test("of two languages that are chosen quickly, the one that was chosen last is spoken", async () => {
  expect(await Promise.all([speak("de"), speak("es"), speak("en")])).toEqual([false, false, true]);
  expect(m.shell_attention_count({ count: 2 })).toBe("2 payments");
});

test("a feature's messages begin with its name, in a file that is compiled", () => {
  const patterns = settings["plugin.inlang.messageFormat"].pathPattern;
  for (const [at, file] of files.entries()) {
    expect(patterns).toContain(`./messages/{locale}/${file}`);
    const others = written[at]?.filter((key) => !key.startsWith(file.replace(".json", "_")));
    expect(others, file).toEqual([]);
  }
});

test("no message sends somebody who sits at the window to the command line", () => {
  for (const file of files) {
    const texts = JSON.stringify(JSON.parse(readFileSync(`messages/en/${file}`, "utf8")));
    expect(texts.match(/(?<![.\w])stallkeeper [a-z]+|(?<![\w-])--[a-z][\w-]*/g), file).toBeNull();
  }
});

test("a count is told in words that fit it", () => {
  expect(m.shell_attention_count({ count: 1 })).toBe("1 payment");
  expect(m.shell_attention_count({ count: 2 })).toBe("2 payments");
});

type Message = string | { match: Record<string, string> }[];

function messagesOf(locale: string, file: string): Record<string, Message> {
  const { $schema: _, ...messages } = JSON.parse(readFileSync(`messages/${locale}/${file}`, "utf8"));
  return messages;
}

/** The names of the values that each form of a message is given; nothing where it is not written. */
function values(message: Message | undefined): string {
  const forms =
    message === undefined
      ? []
      : typeof message === "string"
        ? [message]
        : message.flatMap(({ match }) => Object.values(match));
  return forms
    .map((form) => `${form === "" ? "empty" : ""}${[...form.matchAll(/\{\w+\}/g)].sort().join(" ")}`)
    .join(" | ");
}
