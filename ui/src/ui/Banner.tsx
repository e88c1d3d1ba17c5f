import { cva } from "class-variance-authority";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

const look = cva(
  "flex min-h-7 shrink-0 flex-wrap items-center justify-center gap-x-2 gap-y-1 px-4 py-1 text-body",
  {
    variants: {
      tone: {
        test: "bg-test-soft font-medium text-test",
        warning: "bg-warning-soft text-warning",
        failed: "bg-failed-soft text-failed",
        neutral: "bg-neutral-soft text-neutral",
      },
    },
  },
);

export type BannerTone = "test" | "warning" | "failed" | "neutral";

interface Props {
  tone: BannerTone;
  icon: LucideIcon;
  /** What to do about it. */
  action?: ReactNode;
  children: ReactNode;
}

/** One line about something that concerns every page. */
export function Banner({ tone, icon: Icon, action, children }: Props) {
  return (
    <div className={look({ tone })}>
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
      <span>{children}</span>
      {action}
    </div>
  );
}
