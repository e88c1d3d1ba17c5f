import type { ReactNode } from "react";

/** A key to press. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-5 items-center justify-center rounded-[4px] border border-b-2 bg-surface-2 px-1 font-sans text-caption text-text-2">
      {children}
    </kbd>
  );
}
