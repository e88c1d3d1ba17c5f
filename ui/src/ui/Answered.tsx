import type { ReactNode } from "react";
import { ErrorState, type Failure } from "./ErrorState";
import { Skeleton, SkeletonRows } from "./Skeleton";

interface Props<Data> {
  /** What was asked, and as much of the answer as is there. */
  query: { data: Data | undefined; error: Failure | null; isFetching: boolean; refetch(): unknown };
  /** What is said where there is no answer. */
  failed: string;
  /** How many lines it will have, about. */
  rows: number;
  children(data: Data): ReactNode;
}

/** Figures with lines below them once they are there; until then their place, or why they are not. */
export function Answered<Data>({ query, failed, rows, children }: Props<Data>) {
  const { data, error, isFetching, refetch } = query;
  if (data !== undefined) {
    return children(data);
  }
  if (error !== null) {
    return <ErrorState title={failed} error={error} retrying={isFetching} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <Skeleton className="h-28 w-full" />
      <div className="rounded-card border bg-surface">
        <SkeletonRows rows={rows} />
      </div>
    </>
  );
}
