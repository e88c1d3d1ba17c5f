import { useLocation } from "@tanstack/react-router";
import { type RefObject, useEffect } from "react";

/** Whoever does one of these, wherever, has begun to read, and is not moved any more. */
const TOUCHES = ["wheel", "pointerdown", "keydown"] as const;

/** What the sections show has come by then, also where somebody scrolled in a way that tells nobody. */
const SETTLED_WITHIN = 5000;

/** Keeps the section that the address names in sight while those above it still get what they show. */
export function useNamedSection(sections: RefObject<HTMLElement | null>) {
  const name = useLocation({ select: ({ hash }) => hash });
  useEffect(() => {
    const element = sections.current;
    if (element === null || name === "") {
      return;
    }
    const observer = new ResizeObserver(() => document.getElementById(name)?.scrollIntoView());
    observer.observe(element);
    const over = new AbortController();
    const { signal } = over;
    signal.addEventListener("abort", () => observer.disconnect());
    const stop = () => over.abort();
    for (const touch of TOUCHES) {
      window.addEventListener(touch, stop, { capture: true, passive: true, signal });
    }
    const late = setTimeout(stop, SETTLED_WITHIN);
    return () => {
      clearTimeout(late);
      stop();
    };
  }, [sections, name]);
}
