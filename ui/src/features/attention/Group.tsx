import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../ui/cn";

interface Props {
  icon: LucideIcon;
  tone: "failed" | "warning" | "neutral";
  title: string;
  /** What to do about it. */
  advice: ReactNode;
  /** On the right, such as what is at stake. */
  aside?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

const TONES = {
  failed: "bg-failed-soft text-failed",
  warning: "bg-warning-soft text-warning",
  neutral: "bg-neutral-soft text-neutral",
};

/** One thing that needs a look: what it is, what to do, and the means to do it. */
export function Group({ icon: Icon, tone, title, advice, aside, actions, children }: Props) {
  return (
    <article className="rounded-card border bg-surface">
      <div className="flex items-start gap-3 p-4">
        <span
          className={cn("inline-flex size-8 shrink-0 items-center justify-center rounded-full", TONES[tone])}
        >
          <Icon aria-hidden className="size-4" strokeWidth={1.5} />
        </span>
        <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-6 gap-y-2">
          <div className="min-w-0 flex-1 basis-80">
            <h2 className="pt-1 text-form font-semibold break-words">{title}</h2>
            <div className="mt-0.5 text-text-2">{advice}</div>
            {actions !== undefined && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
          </div>
          {aside !== undefined && <div className="pt-1">{aside}</div>}
        </div>
      </div>
      {children !== undefined && <div className="border-t p-4">{children}</div>}
    </article>
  );
}
