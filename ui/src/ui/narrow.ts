/** Below the breakpoint `mid`. */
const NARROW = "(width < 65rem)";

/** Whether the window is so narrow that the side bar shows icons alone. */
export function isNarrow(): boolean {
  return window.matchMedia(NARROW).matches;
}

/** Calls when that changed; answers how to end it. */
export function onNarrow(listener: () => void): () => void {
  const narrow = window.matchMedia(NARROW);
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
