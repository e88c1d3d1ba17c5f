import { en } from "./messages/en";

/** A language: the same names, each a sentence or something that makes one. */
export type Messages = {
  readonly [Name in keyof typeof en]: (typeof en)[Name] extends (...given: infer Given) => string
    ? (...given: Given) => string
    : string;
};

/** By BCP 47 language. */
const LANGUAGES: Record<string, Messages> = { en };

/** The first language that the buyer reads and this page speaks. */
export function messagesFor(languages: readonly string[]): Messages {
  const spoken = languages
    .map((tag) => tag.split("-")[0] ?? "")
    .find((language) => Object.hasOwn(LANGUAGES, language));
  return LANGUAGES[spoken ?? "en"] ?? en;
}
