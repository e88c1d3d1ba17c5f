import { useSyncExternalStore } from "react";

const KEY = "stallkeeper-link-copied";

const listeners = new Set<() => void>();

/** Remembers that the first link was copied here. */
export function noteLinkCopied(): void {
  localStorage.setItem(KEY, "yes");
  for (const listener of listeners) {
    listener();
  }
}

/** Whether a link was ever copied here. */
export function useLinkCopied(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(KEY) !== null,
  );
}
