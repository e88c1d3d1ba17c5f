import { useSyncExternalStore } from "react";

/** Below the breakpoint `mid`. */
const NARROW = "(width < 65rem)";

/** Whether the window is so narrow that the side bar shows icons alone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(onChange, () => window.matchMedia(NARROW).matches);
}

function onChange(listener: () => void): () => void {
  const narrow = window.matchMedia(NARROW);
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
