import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesColumn } from "lucide-react";
import { reportQuery } from "../../api/books";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/paraglide/messages";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton, SkeletonRows } from "../../ui/Skeleton";
import { Choices } from "./Choices";
import { Lines } from "./Lines";
import { useReportSearch } from "./search";
import { Totals } from "./Totals";

/** What came in the chosen days, what it cost and what is left, in all and line by line. */
export function Income() {
  const { days, by } = useReportSearch();
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery(
    reportQuery(usePlatform(), { ...days, by }),
  );
  return (
    <div className="flex flex-col gap-4">
      <Choices />
      {error !== null && !isPlaceholderData && data === undefined ? (
        <ErrorState
          title={m.reports_failed()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      ) : data === undefined ? (
        <Waiting />
      ) : data.totals.length === 0 ? (
        <EmptyState icon={ChartNoAxesColumn} title={m.reports_empty()} text={m.reports_empty_text()} />
      ) : (
        <>
          {data.totals.map((line) => (
            <Totals key={`${line.network} ${line.key}`} line={line} isOnly={data.totals.length === 1} />
          ))}
          <Lines report={data} />
        </>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-28 w-full" />
      <div className="rounded-card border bg-surface">
        <SkeletonRows rows={7} />
      </div>
    </>
  );
}
