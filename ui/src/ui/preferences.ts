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
  /** The time zone of the times that are shown, by its IANA name. */
  timeZone: "system" | (string & {});
  /** Whether lists write date and time instead of how long ago. */
  absoluteTimes: boolean;
  /** The columns of lists that are not shown, as `list.column`. */
  hiddenColumns: readonly string[];
  /** The order of columns, where it was changed; those that are not named follow in their usual order. */
  columnOrder: readonly string[];
  /** How wide columns were made, in rem. */
  columnWidths: Readonly<Record<string, number>>;
  /** Filters of the list of payments that were given a name. */
  savedViews: readonly SavedView[];
}

/** A named filter: what stands in the page's address. */
export interface SavedView {
  name: string;
  search: Readonly<Record<string, unknown>>;
}

const KEY = "stallkeeper-preferences";
const DEFAULTS: Preferences = {
  language: "system",
  theme: "system",
  density: "normal",
  amountsHidden: false,
  letterKeys: true,
  timeZone: "system",
  absoluteTimes: false,
  hiddenColumns: [],
  columnOrder: [],
  columnWidths: {},
  savedViews: [],
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

/** Whether there is such a time zone: one that there is not would let no time be shown. */
function isZone(name: unknown): name is string {
  if (typeof name !== "string") {
    return false;
  }
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
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
      timeZone: isZone(stored.timeZone) ? stored.timeZone : DEFAULTS.timeZone,
      absoluteTimes: stored.absoluteTimes === true,
      hiddenColumns: Array.isArray(stored.hiddenColumns) ? stored.hiddenColumns.map(String) : [],
      columnOrder: Array.isArray(stored.columnOrder) ? stored.columnOrder.map(String) : [],
      columnWidths: Object.fromEntries(
        Object.entries(stored.columnWidths ?? {}).filter(([, width]) => Number.isFinite(width)),
      ),
      savedViews: Array.isArray(stored.savedViews) ? stored.savedViews.filter(isView) : [],
    };
  } catch {
    // Something else wrote there: the defaults do no harm.
    return DEFAULTS;
  }
}

function isView(stored: Partial<SavedView> | null): stored is SavedView {
  return typeof stored?.name === "string" && typeof stored.search === "object" && stored.search !== null;
}
