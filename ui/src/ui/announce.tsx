import { useSyncExternalStore } from "react";

let said = "";
const listeners = new Set<() => void>();

function say(text: string) {
  said = text;
  for (const listener of listeners) {
    listener();
  }
}

/** Tells those who hear the window something that others see, such as a tick. */
export function announce(text: string): void {
  say("");
  // The same words again are only heard when the region was empty in between.
  requestAnimationFrame(() => say(text));
}

/** Where announcements are heard. Stands once, for as long as the window is open. */
export function Announcer() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
  return (
    <output aria-live="polite" className="sr-only">
      {text}
    </output>
  );
}
