import { type RefObject, useEffect, useState } from "react";
import type { Room } from "./columns";

/** From how wide a place on, in rem, there is room for more columns. */
const MIDDLE = 45;
const WIDE = 59;

/** How much room an element gives to columns, without the `taken` rem. Larger text leaves less. */
export function useRoom(element: RefObject<HTMLElement | null>, taken: number): Room {
  const [width, setWidth] = useState(WIDE);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setWidth((entry?.contentRect.width ?? 0) / rem);
    });
    if (element.current !== null) {
      observer.observe(element.current);
    }
    return () => observer.disconnect();
  }, [element]);
  const left = width - taken;
  return left >= WIDE ? "wide" : left >= MIDDLE ? "middle" : "narrow";
}
