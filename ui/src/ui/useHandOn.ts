import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Hands the focus on to the list or the record around a place when the place goes away with it, as it does
 * when something was done there that cannot be done twice.
 */
export function useHandOn(): RefObject<HTMLSpanElement | null> {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    return () => {
      if (element?.contains(document.activeElement)) {
        element
          .closest<HTMLElement>("[data-drawer], section[tabindex], main")
          ?.focus({ preventScroll: true });
      }
    };
  }, []);
  return place;
}
