import { de } from "./messages/de";
import { en } from "./messages/en";
import { es } from "./messages/es";

/** A language: the same names, each a sentence or something that makes one. */
export type Messages = {
  readonly [Name in keyof typeof en]: (typeof en)[Name] extends (...given: infer Given) => string
    ? (...given: Given) => string
    : string;
};

/** By BCP 47 language. */
const LANGUAGES: Record<string, Messages> = { de, en, es };

/** The first of these languages that this page speaks. The server has chosen among them as the buyer's browser asked. */
export function messagesFor(languages: readonly string[]): Messages {
  const spoken = languages
    .map((tag) => tag.split("-")[0] ?? "")
    .find((language) => Object.hasOwn(LANGUAGES, language));
  return LANGUAGES[spoken ?? "en"] ?? en;
}
