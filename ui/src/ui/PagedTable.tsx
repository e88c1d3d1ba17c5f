import { CloudOff } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { m } from "../i18n/messages";
import { Banner } from "./Banner";
import { Button } from "./Button";
import { DataTable, TablePlace, type TableProps } from "./DataTable";
import { ErrorState, type Failure } from "./ErrorState";
import { SkeletonRows } from "./Skeleton";

/** A list as far as it was scrolled to. */
interface Pages<Row> {
  rows: readonly Row[];
  isLoading: boolean;
  /** Why the newest of it, or more of it, is not there. */
  error: Failure | null;
  isFetching: boolean;
  retry(): void;
  hasMore: boolean;
  isLoadingMore: boolean;
  moreFailed: boolean;
  loadMore(): void;
}

interface Props<Row> extends Omit<TableProps<Row>, "rows" | "hasMore" | "loadingMore" | "onMore"> {
  pages: Pages<Row>;
  /** Names what the rows were asked for: those of something else begin at the top. */
  shownFor?: string;
  /** Where the table stands, for whoever measures its room. */
  place?: RefObject<HTMLDivElement | null>;
  /** What is said where there are no rows. */
  none: ReactNode;
}

/** A list that is asked page by page, or why none of it is there. */
export function PagedTable<Row>({ pages, shownFor, place, none, ...table }: Props<Row>) {
  const { rows, error, isLoading, isFetching, retry } = pages;
  return (
    <div ref={place} className="flex min-h-48 flex-1 flex-col">
      {rows.length > 0 ? (
        <>
          {error !== null && <Trouble pages={pages} message={error.message} />}
          <DataTable
            key={shownFor}
            {...table}
            rows={rows}
            hasMore={pages.hasMore}
            loadingMore={pages.isLoadingMore}
            onMore={pages.loadMore}
          />
        </>
      ) : (
        <TablePlace>
          {error !== null ? (
            <ErrorState error={error} onRetry={retry} retrying={isFetching} />
          ) : isLoading ? (
            <SkeletonRows rows={12} />
          ) : (
            none
          )}
        </TablePlace>
      )}
    </div>
  );
}

/** Rows are there, but something newer or more of them could not be asked. */
function Trouble<Row>({ pages, message }: { pages: Pages<Row>; message: string }) {
  const { moreFailed, loadMore, retry, isFetching } = pages;
  return (
    <div role="alert" className="mb-2 overflow-hidden rounded-control">
      <Banner
        tone="failed"
        icon={CloudOff}
        action={
          <Button size="sm" loading={isFetching} onClick={moreFailed ? loadMore : retry}>
            {m.ui_error_retry()}
          </Button>
        }
      >
        {moreFailed ? m.ui_table_more_failed({ message }) : m.ui_table_old({ message })}
      </Banner>
    </div>
  );
}
