import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../ui/cn";

interface Props {
  tone: "warning" | "failed";
  children: ReactNode;
}

/** Something in the way, beside what it is in the way of. */
export function Notice({ tone, children }: Props) {
  const Icon = tone === "failed" ? CircleAlert : TriangleAlert;
  return (
    <div
      role={tone === "failed" ? "alert" : undefined}
      className={cn(
        "flex gap-2 rounded-control px-3 py-2",
        tone === "failed" ? "bg-failed-soft text-failed" : "bg-warning-soft text-warning",
      )}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div className="min-w-0 break-words">{children}</div>
    </div>
  );
}
