import { useEffect, useState } from "react";
import { onPreference, preferences } from "./preferences";

/** In rem, so that rows grow with the text. */
const ROW_HEIGHTS = { compact: 1.875, normal: 2.25, comfortable: 2.75 };

function readRowHeight(): number {
  return (
    ROW_HEIGHTS[preferences().density] *
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  );
}

/** A row's height in pixels; it follows the size of the text and what is preferred. */
export function useRowHeight(): number {
  const [height, setHeight] = useState(readRowHeight);
  useEffect(() => {
    const again = () => setHeight(readRowHeight());
    window.addEventListener("resize", again);
    const forget = onPreference(again);
    return () => {
      window.removeEventListener("resize", again);
      forget();
    };
  }, []);
  return height;
}
