import type { ReactNode } from "react";
import { cn } from "../../ui/cn";

interface Props {
  label: ReactNode;
  /** Beside the label, such as a badge. */
  aside?: ReactNode;
  /** What to know about it. */
  note?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** One figure of several at the head of a page. */
export function Figure({ label, aside, note, className, children }: Props) {
  return (
    <section className={cn("flex min-w-0 flex-col rounded-card border bg-surface p-4", className)}>
      <div className="flex min-h-5 flex-wrap items-center justify-between gap-2">
        <h2 className="text-body font-medium text-text-2">{label}</h2>
        {aside}
      </div>
      <div className="mt-1 min-w-0">{children}</div>
      {note !== undefined && <div className="mt-1 min-w-0 text-caption text-text-2">{note}</div>}
    </section>
  );
}
