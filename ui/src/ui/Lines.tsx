import type { ReactNode } from "react";
import { cn } from "./cn";

/** What stands where there is nothing to count. */
export const NOTHING = <span className="text-text-3">–</span>;

interface Props {
  label: string;
  /** What the columns are about; the first one names the lines. */
  head: readonly ReactNode[];
  children: ReactNode;
}

/** Figures line by line, as few as a page can show. Where they are too wide they scroll sideways. */
export function Lines({ label, head, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section tabIndex={0} aria-label={label} className="overflow-x-auto rounded-card border bg-surface">
      <table className="w-full">
        <thead>
          <tr className="border-b">
            {head.map((word, place) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay in their order
                key={place}
                scope="col"
                className={cn(
                  "px-4 py-2 text-caption font-medium whitespace-nowrap text-text-2",
                  place === 0 ? "text-left" : "text-right",
                )}
              >
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** One line: what it is of, then its cells. */
export function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <tr className="border-b last:border-b-0 hover:bg-surface-2">
      <th scope="row" className="w-full max-w-0 min-w-40 truncate px-4 py-2 text-left font-normal">
        {name}
      </th>
      {children}
    </tr>
  );
}

/** A figure of a line. */
export function LineCell({ className, children }: { className?: string; children: ReactNode }) {
  return <td className={cn("px-4 py-2 text-right whitespace-nowrap tabular-nums", className)}>{children}</td>;
}
