import type { ReactNode } from "react";
import { cn } from "./cn";

interface Props {
  title?: ReactNode;
  /** Beside the title, on the right. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A bordered part of a page. */
export function Card({ title, aside, className, children }: Props) {
  return (
    <section className={cn("rounded-card border bg-surface p-4", className)}>
      {(title !== undefined || aside !== undefined) && (
        <header className="mb-3 flex min-h-6 flex-wrap items-center justify-between gap-2">
          <h2 className="text-section">{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
