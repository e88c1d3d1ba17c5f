import { useSyncExternalStore } from "react";

/** How often relative times are told anew. */
const EVERY = 30_000;

/** For so long a time is as good as new. */
const FRESH = 5_000;

const listeners = new Set<() => void>();
let timer: number | undefined;
let now = Date.now();

function tick() {
  now = Date.now();
  for (const listener of listeners) {
    listener();
  }
}

/** Runs only while somebody looks: a hidden window refreshes nothing. */
function follow() {
  const wanted = listeners.size > 0 && !document.hidden;
  if (wanted && timer === undefined) {
    timer = window.setInterval(tick, EVERY);
    // At the start the time was read a moment ago, and nothing is drawn again for that moment.
    if (Math.abs(Date.now() - now) > FRESH) {
      tick();
    }
  } else if (!wanted && timer !== undefined) {
    window.clearInterval(timer);
    timer = undefined;
  }
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    document.addEventListener("visibilitychange", follow);
  }
  listeners.add(listener);
  follow();
  return () => {
    listeners.delete(listener);
    follow();
    if (listeners.size === 0) {
      document.removeEventListener("visibilitychange", follow);
    }
  };
}

/** The time, told anew every half minute while the window can be seen. Unix milliseconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
