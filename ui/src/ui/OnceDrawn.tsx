import { type ReactNode, useEffect, useSyncExternalStore } from "react";

/** Where no frames are drawn, as in a window that is not shown, nothing waits longer for one, in milliseconds. */
const AT_MOST = 500;

let isDrawn = false;
let isAwaited = false;
const listeners = new Set<() => void>();

/** What is not seen in the first picture of a window of usual size, and would only keep that waiting. */
export function OnceDrawn({ children }: { children: ReactNode }) {
  const isTime = useSyncExternalStore(onDrawn, () => isDrawn);
  useEffect(awaitFrame, []);
  return isTime ? children : null;
}

function onDrawn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function awaitFrame(): void {
  if (isAwaited) {
    return;
  }
  isAwaited = true;
  const end = () => {
    isDrawn = true;
    for (const listener of listeners) {
      listener();
    }
  };
  // A timer runs after the frame that was being made.
  requestAnimationFrame(() => setTimeout(end));
  setTimeout(end, AT_MOST);
}
