import { type RefObject, useEffect, useRef } from "react";

/** Whether a question is still on the screen when its answer comes; if not, the answer is told all the same. */
export function useShown(open = true): RefObject<boolean> {
  const isShown = useRef(open);
  useEffect(() => {
    isShown.current = open;
    return () => {
      isShown.current = false;
    };
  }, [open]);
  return isShown;
}
