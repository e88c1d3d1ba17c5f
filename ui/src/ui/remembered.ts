/** What a page's address said last, so that the page can be gone to as it was left. */

type Search = Record<string, unknown>;

const KEY = "stallkeeper-filters";

/** How a page was left; nothing where it was never narrowed. */
export function remembered(page: string): Search {
  return read()[page] ?? {};
}

/** Keeps how a page is narrowed, also for the next start. */
export function remember(page: string, search: Search): void {
  localStorage.setItem(KEY, JSON.stringify({ ...read(), [page]: search }));
}

function read(): Record<string, Search | undefined> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof stored === "object" && stored !== null ? { ...stored } : {};
  } catch {
    // Something else wrote there: pages then begin with everything.
    return {};
  }
}
