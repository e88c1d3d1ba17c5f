import { useEffect, useLayoutEffect, useRef, useState } from "react";

interface SteadyScroll {
  scroller: { current: HTMLDivElement | null };
  body: { current: HTMLTableSectionElement | null };
  /** The row at the top. */
  first: string | undefined;
  indexOf(id: string): number;
  rowHeight: number;
  onNew: ((count: number) => void) | undefined;
}

/**
 * Keeps what is read in its place when rows come in above it, and counts those until the top is shown.
 * At the top they slide in, unless the pointer or the keyboard is on a row: nothing moves under it.
 */
export function useSteadyScroll({ scroller, body, first, indexOf, rowHeight, onNew }: SteadyScroll): number {
  const before = useRef(first);
  const [unseen, setUnseen] = useState(0);
  useLayoutEffect(() => {
    const [element, rows, known] = [scroller.current, body.current, before.current];
    before.current = first;
    const came = known === undefined || known === first ? 0 : indexOf(known);
    if (element === null || rows === null || came <= 0) {
      return;
    }
    onNew?.(came);
    if (element.scrollTop < rowHeight && !isRead(rows)) {
      slideIn(rows, Math.min(came * rowHeight, element.clientHeight));
      return;
    }
    // Where few rows leave nothing to scroll, room below them lets those that are read stay.
    const head = rows.offsetTop;
    rows.style.minHeight = `${element.scrollTop + element.clientHeight - head + came * rowHeight}px`;
    element.scrollTop += came * rowHeight;
    setUnseen((count) => count + came);
  });
  useEffect(() => {
    const element = scroller.current;
    const scrolled = () => {
      if (element !== null && element.scrollTop < rowHeight) {
        setUnseen(0);
        body.current?.style.removeProperty("min-height");
      }
    };
    element?.addEventListener("scroll", scrolled, { passive: true });
    return () => element?.removeEventListener("scroll", scrolled);
  }, [scroller, body, rowHeight]);
  return unseen;
}

/** Whether somebody points at a row, or is on one by keyboard. */
function isRead(rows: HTMLElement): boolean {
  return rows.matches(":hover") || rows.querySelector(":focus-visible") !== null;
}

/** Lets the rows come from where they were before others came in above them. */
function slideIn(rows: HTMLElement, height: number): void {
  if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    rows.animate([{ transform: `translateY(${-height}px)` }, { transform: "none" }], {
      duration: 180,
      easing: "ease-out",
    });
  }
}
