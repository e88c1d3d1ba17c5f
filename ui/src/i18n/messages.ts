import type { Language } from "./language";
import type { m as every } from "./paraglide/messages";

type Messages = typeof every;

/** Each language is a file of its own: only the one that is spoken is read. */
const WORDS: Record<Language, () => Promise<unknown>> = {
  en: () => import("./paraglide/messages/en"),
  de: () => import("./paraglide/messages/de"),
  es: () => import("./paraglide/messages/es"),
};

/** All messages, in the language that is spoken. There are none before the first one is. */
export let m: Messages;

let asked: Language | null = null;

/** Says everything in a language from then on. False if another one was asked for meanwhile. */
export async function speak(language: Language): Promise<boolean> {
  asked = language;
  const words = await WORDS[language]();
  if (asked === language) {
    m = words as Messages;
  }
  return asked === language;
}
