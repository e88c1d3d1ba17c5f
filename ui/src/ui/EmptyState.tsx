import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  text: ReactNode;
  /** The one thing to do about it. */
  action?: ReactNode;
}

/** What a list shows when there is nothing: why, and one way on. */
export function EmptyState({ icon: Icon, title, text, action }: Props) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-1 px-6 py-16 text-center">
      <span className="mb-3 inline-flex size-11 items-center justify-center rounded-full border bg-surface text-text-2">
        <Icon aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <h2 className="text-section">{title}</h2>
      <div className="max-w-[26rem] text-text-2">{text}</div>
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
