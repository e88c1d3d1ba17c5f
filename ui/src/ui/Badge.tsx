import { cva, type VariantProps } from "class-variance-authority";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const look = cva(
  "inline-flex min-h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-full px-2 text-caption font-medium",
  {
    variants: {
      tone: {
        settled: "bg-settled-soft text-settled",
        pending: "bg-pending-soft text-pending",
        warning: "bg-warning-soft text-warning",
        failed: "bg-failed-soft text-failed",
        neutral: "bg-neutral-soft text-neutral",
        accent: "bg-accent-soft text-accent-text",
        test: "bg-test-soft text-test",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = NonNullable<VariantProps<typeof look>["tone"]>;

interface Props {
  tone?: Tone;
  icon?: LucideIcon;
  spinning?: boolean;
  className?: string;
  children: ReactNode;
}

/** A word with a tone, and an icon, because colour alone says nothing to some. */
export function Badge({ tone = "neutral", icon: Icon, spinning = false, className, children }: Props) {
  return (
    <span className={cn(look({ tone }), className)}>
      {Icon && <Icon aria-hidden className={cn("size-3", spinning && "animate-spin")} strokeWidth={2} />}
      {children}
    </span>
  );
}
