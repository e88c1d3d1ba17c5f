import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";

export const linkLook = "font-medium text-accent-text underline-offset-2 hover:underline";

interface Props {
  icon: LucideIcon;
  tone: string;
  title: string;
  /** What the figure holds. */
  hint: ReactNode;
  /** An amount; undefined while it is not known. */
  value: string | undefined;
  /** What stands in the amount's place, where dollars do not tell it. */
  instead?: ReactNode;
  link: ReactNode;
  note: ReactNode;
  /** Why the amount is not known and will not be by waiting. */
  failed?: string | null;
}

/** One large figure, what it holds, and where it leads. */
export function Figure({ icon: Icon, tone, title, hint, value, instead, link, note, failed = null }: Props) {
  return (
    <div className="flex min-w-0 flex-col rounded-card border bg-surface p-4">
      <div className="flex items-center gap-2">
        <span className={cn("inline-flex size-6 items-center justify-center rounded-control", tone)}>
          <Icon aria-hidden className="size-3.5" strokeWidth={2} />
        </span>
        <h2 className="font-medium">{title}</h2>
      </div>
      <div className="mt-3 min-h-9 break-words">
        {value === undefined && failed !== null ? (
          <p role="alert" className="text-failed">
            {failed}
          </p>
        ) : value === undefined ? (
          <Skeleton className="my-1 h-7 w-28" />
        ) : (
          (instead ?? <Money value={value} figure="money" />)
        )}
      </div>
      <p className="text-caption text-text-2">{hint}</p>
      <div className="mt-3 flex min-h-8 flex-1 flex-wrap items-end justify-between gap-x-4 gap-y-1 border-t pt-2.5">
        {value === undefined ? (
          failed === null && <Skeleton className="h-4 w-40" />
        ) : (
          <>
            {link}
            <span className="text-text-2">{note}</span>
          </>
        )}
      </div>
    </div>
  );
}
