import type { ReactNode } from "react";
import { cn } from "./cn";
import { useSurroundings } from "./surroundings";

interface Props {
  title: string;
  /** Beside the title, such as a badge. */
  beside?: ReactNode;
  /** The one primary button of the page. */
  action?: ReactNode;
  /** Lets a table fill the page to the window's bottom; only the table then scrolls, unless the window is very low. */
  fill?: boolean;
  children?: ReactNode;
}

/** A page of the window: its title row, and below it what the page is about. */
export function Page({ title, beside, action, fill = false, children }: Props) {
  const { tools } = useSurroundings();
  return (
    <>
      <header className="@container flex min-h-13 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b bg-surface px-6 py-2">
        <div className="mr-auto flex min-w-0 items-center gap-3">
          <h1 className="truncate text-title">{title}</h1>
          {beside}
        </div>
        {tools}
        {action}
      </header>
      {/* What is told to ears only stands inside it too, or it would make the window around it scroll. */}
      <div className={cn("relative min-h-0 flex-1 overflow-y-auto", fill && "flex flex-col")}>
        <div
          className={
            fill
              ? "mx-auto flex min-h-0 w-full max-w-[80rem] flex-1 flex-col gap-4 px-6 pt-5"
              : "mx-auto flex w-full max-w-[80rem] flex-col gap-6 px-6 py-5"
          }
        >
          {children}
        </div>
      </div>
    </>
  );
}
