/** What the window can be read in; the first is what it is written in. */
export const LANGUAGES = ["en", "de", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How each language calls itself. */
export const NAMES: Record<Language, string> = { en: "English", de: "Deutsch", es: "Español" };

/** The first of what somebody reads that the window can be read in; English where there is none. */
export function languageFor(reads: readonly string[]): Language {
  for (const tag of reads) {
    const known = LANGUAGES.find((one) => tag.toLowerCase().split("-")[0] === one);
    if (known !== undefined) {
      return known;
    }
  }
  return LANGUAGES[0];
}
