import { type RefObject, useLayoutEffect, useState } from "react";

/**
 * How wide an element is, in rem: larger text leaves less room. It is known before anything is painted, so that nothing
 * is drawn for another width first. `expected` is said of one that is not laid out.
 */
export function useWidth(element: RefObject<HTMLElement | null>, expected: number | (() => number)): number {
  const [width, setWidth] = useState(expected);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) {
      return;
    }
    const measure = () => {
      const { width: pixels } = measured.getBoundingClientRect();
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      if (pixels > 0) {
        setWidth(pixels / rem);
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
