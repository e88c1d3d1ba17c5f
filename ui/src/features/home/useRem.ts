import { type RefObject, useEffect, useState } from "react";

function readRem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** How many pixels a rem has, always as it is now. The element's own size must be given in rem. */
export function useRem(element: RefObject<HTMLElement | null>): number {
  const [rem, setRem] = useState(readRem);
  useEffect(() => {
    const observer = new ResizeObserver(() => setRem(readRem()));
    if (element.current !== null) {
      observer.observe(element.current);
    }
    return () => observer.disconnect();
  }, [element]);
  return rem;
}
