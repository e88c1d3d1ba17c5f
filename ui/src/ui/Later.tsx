import { type ReactNode, useDeferredValue } from "react";

/** What is not looked for first on a page, and would only keep the rest of it waiting. */
export function Later({ children }: { children: ReactNode }) {
  return useDeferredValue(true, false) && children;
}
