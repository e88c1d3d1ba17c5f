import type { ReactNode } from "react";

/** A page whose table fills the window as far as there is room for it, and which scrolls where there is not. */
export function Scroll({ children }: { children: ReactNode }) {
  return (
    <div className="-mx-6 -mt-5 flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-6 pt-5">{children}</div>
  );
}
