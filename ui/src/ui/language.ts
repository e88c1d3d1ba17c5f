import { type Language, languageFor } from "../i18n/language";
import { overwriteGetLocale } from "../i18n/paraglide/runtime";
import { showTimesOf, writeAs } from "../lib/formats";
import { onPreference, preferences, usePreferences } from "./preferences";

/** Keeps words, numbers and dates in the language that is preferred, and times in its zone. Called once, before anything shows. */
export function followLanguage(): void {
  const apply = () => {
    const { language, timeZone } = preferences();
    const words = wordsIn(language);
    overwriteGetLocale(() => words);
    // Who reads another language than the system's sees its numbers too; else the system's, with its region.
    writeAs(language === "system" ? null : language);
    showTimesOf(timeZone === "system" ? null : timeZone);
    document.documentElement.lang = words;
  };
  onPreference(apply);
  apply();
}

/** The language of the words that are shown now. */
export function useLanguage(): Language {
  return wordsIn(usePreferences().language);
}

function wordsIn(language: "system" | Language): Language {
  return language === "system" ? languageFor(navigator.languages) : language;
}
