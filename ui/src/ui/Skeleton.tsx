import { cn } from "./cn";

/** Keeps the place of what is not there yet. It shows after 150 ms: quick answers never flicker. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cn("skeleton block animate-appear", className)}>
      <span className="block size-full animate-pulse rounded-control bg-surface-2" />
    </span>
  );
}

/** Rows that are not there yet. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div aria-hidden className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className="flex h-9 items-center gap-6 border-b px-3">
          <Skeleton className="h-3 w-24" />
          <Skeleton className="h-3 w-16" />
          <Skeleton className="h-3 flex-1" />
          <Skeleton className="h-3 w-32" />
        </div>
      ))}
    </div>
  );
}
