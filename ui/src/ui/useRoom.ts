import { type RefObject, useEffect, useState } from "react";

/** How many columns there is room for. */
export type Room = "narrow" | "middle" | "wide";

/** From how wide a place on, in rem, there is room for more columns. */
export interface Widths {
  middle: number;
  wide: number;
}

/** How much room an element gives to columns, without the `taken` rem. Larger text leaves less. */
export function useRoom(
  element: RefObject<HTMLElement | null>,
  taken: number,
  { middle, wide }: Widths,
): Room {
  const [width, setWidth] = useState(wide);
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
  return left >= wide ? "wide" : left >= middle ? "middle" : "narrow";
}
