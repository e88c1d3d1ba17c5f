import { useEffect, useEffectEvent } from "react";
import { overlayIsOpen } from "./overlay";
import { preferences } from "./preferences";
import { isTyping } from "./typing";

/** Lets J and K lead to the rows of a list from anywhere on its page, where they lead to no other record already. */
export function useKeysToRows(enter: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const isOurs =
      /^[jk]$/.test(event.key) &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey &&
      !event.defaultPrevented;
    if (!isOurs || !preferences().letterKeys || isTyping(event) || overlayIsOpen()) {
      return;
    }
    if (document.querySelector("[data-drawer]") === null) {
      event.preventDefault();
      enter();
    }
  });
  useEffect(() => {
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
