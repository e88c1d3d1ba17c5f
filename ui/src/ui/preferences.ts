import { useSyncExternalStore } from "react";
import { LANGUAGES, type Language } from "../i18n/language";

export const DENSITIES = ["compact", "normal", "comfortable"] as const;
type Density = (typeof DENSITIES)[number];

/** What a person prefers on this computer. Nothing of the stall depends on it. */
export interface Preferences {
  /** The language of the window's words and numbers. */
  language: "system" | Language;
  theme: "system" | "light" | "dark";
  /** How high the rows of lists are. */
  density: Density;
  amountsHidden: boolean;
  /** Whether single letters do something (WCAG 2.1.4). */
  letterKeys: boolean;
  /** Whether lists write date and time instead of how long ago. */
  absoluteTimes: boolean;
  /** The columns of lists that are not shown, as `list.column`. */
  hiddenColumns: readonly string[];
}

const KEY = "stallkeeper-preferences";
const DEFAULTS: Preferences = {
  language: "system",
  theme: "system",
  density: "normal",
  amountsHidden: false,
  letterKeys: true,
  absoluteTimes: false,
  hiddenColumns: [],
};

const listeners = new Set<() => void>();
let current: Preferences | null = null;

/** What is preferred now. */
export function preferences(): Preferences {
  current ??= read();
  return current;
}

/** Changes some of it, at once and for the next start. */
export function prefer(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  for (const listener of listeners) {
    listener();
  }
}

/** Hears of changes; returns how to stop. */
export function onPreference(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is preferred, always as it is now. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(onPreference, preferences);
}

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    return {
      language: LANGUAGES.find((one) => one === stored.language) ?? DEFAULTS.language,
      theme: stored.theme === "light" || stored.theme === "dark" ? stored.theme : DEFAULTS.theme,
      density: DENSITIES.find((one) => one === stored.density) ?? DEFAULTS.density,
      amountsHidden: stored.amountsHidden === true,
      letterKeys: stored.letterKeys !== false,
      absoluteTimes: stored.absoluteTimes === true,
      hiddenColumns: Array.isArray(stored.hiddenColumns) ? stored.hiddenColumns.map(String) : [],
    };
  } catch {
    // Something else wrote there: the defaults do no harm.
    return DEFAULTS;
  }
}
