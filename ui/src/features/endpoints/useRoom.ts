import { type RefObject, useEffect, useState } from "react";

/** How wide an element is, in whole rem: larger text leaves less room. */
export function useRoom(element: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(80);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setRoom(Math.floor((entry?.contentRect.width ?? 0) / rem));
    });
    if (element.current !== null) {
      observer.observe(element.current);
    }
    return () => observer.disconnect();
  }, [element]);
  return room;
}
