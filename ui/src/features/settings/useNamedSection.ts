import { useLocation } from "@tanstack/react-router";
import { type RefObject, useEffect } from "react";

/** Whoever does one of these has begun to read, and is not moved any more. */
const TOUCHES = ["wheel", "pointerdown", "keydown"] as const;

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
    const stop = () => observer.disconnect();
    for (const touch of TOUCHES) {
      element.addEventListener(touch, stop, { once: true, passive: true });
    }
    return () => {
      stop();
      for (const touch of TOUCHES) {
        element.removeEventListener(touch, stop);
      }
    };
  }, [sections, name]);
}
