import type { Language } from "./language";
import type { m as every } from "./paraglide/messages";

type Messages = typeof every;
type Name = keyof Messages;
type Words = Record<Name, (values?: object) => string>;

/** Each language is a file of its own: only the one that is spoken is read. */
const WORDS: Record<Language, () => Promise<unknown>> = {
  en: () => import("./paraglide/messages/en"),
  de: () => import("./paraglide/messages/de"),
  es: () => import("./paraglide/messages/es"),
};

let asked: Language | null = null;
/** None, before the first language is spoken. */
let words = {} as Words;

/** All messages. Each says itself in the language that is spoken when it is said, whenever it was looked up. */
export const m = new Proxy({} as Words, {
  get(known, name: Name) {
    known[name] ??= (values) => words[name](values);
    return known[name];
  },
}) as unknown as Messages;

/** Says everything in a language from then on. False if another one was asked for meanwhile. */
export async function speak(language: Language): Promise<boolean> {
  asked = language;
  const read = await WORDS[language]();
  if (asked === language) {
    words = read as Words;
  }
  return asked === language;
}
