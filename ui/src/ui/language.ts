import { useSyncExternalStore } from "react";
import { type Language, languageFor } from "../i18n/language";
import { speak } from "../i18n/messages";
import { showTimesOf, writeAs } from "../lib/formats";
import { onPreference, preferences } from "./preferences";

let shown = "";
const listeners = new Set<() => void>();

/**
 * Keeps words, numbers and dates in the language that is preferred, and times in its zone. Called once; nothing can be
 * said before it is done.
 */
export async function followLanguage(): Promise<void> {
  const apply = async () => {
    const { language, timeZone } = preferences();
    showTimesOf(timeZone === "system" ? null : timeZone);
    const words = wordsIn(language);
    if (!(await speak(words))) {
      return;
    }
    // Who reads another language than the system's sees its numbers too; else the system's, with its region.
    writeAs(language === "system" ? null : language);
    document.documentElement.lang = words;
    shown = `${words}, written as ${language}`;
    for (const listener of listeners) {
      listener();
    }
  };
  onPreference(() => void apply());
  await apply();
}

/** Another one whenever what is shown is said or written in another way. */
export function useLanguage(): string {
  return useSyncExternalStore(onShown, () => shown);
}

function onShown(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function wordsIn(language: "system" | Language): Language {
  return language === "system" ? languageFor(navigator.languages) : language;
}
