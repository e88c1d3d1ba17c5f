import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../ui/cn";

const LOOKS = {
  neutral: { icon: Info, look: "bg-neutral-soft text-neutral" },
  warning: { icon: TriangleAlert, look: "bg-warning-soft text-warning" },
  failed: { icon: CircleAlert, look: "bg-failed-soft text-failed" },
} as const;

interface Props {
  tone: keyof typeof LOOKS;
  children: ReactNode;
}

/** Something in the way, beside what it is in the way of. */
export function Notice({ tone, children }: Props) {
  const { icon: Icon, look } = LOOKS[tone];
  return (
    <div
      role={tone === "failed" ? "alert" : undefined}
      className={cn("flex gap-2 rounded-control px-3 py-2", look)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div className="min-w-0 break-words">{children}</div>
    </div>
  );
}
