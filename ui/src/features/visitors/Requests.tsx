import { useQuery } from "@tanstack/react-query";
import { DoorClosed, Footprints } from "lucide-react";
import { useMemo, useRef } from "react";
import type { RequestView } from "../../api/generated/RequestView";
import { usePlatform } from "../../api/platform-context";
import { requestsQuery } from "../../api/visitors";
import { m } from "../../i18n/messages";
import { EmptyState } from "../../ui/EmptyState";
import { PagedTable } from "../../ui/PagedTable";
import { useRoom } from "../../ui/useRoom";
import { type NamedRequest, requestColumns, rowId } from "./request-columns";

/** How wide the place has to be for more columns. */
const WIDTHS = { middle: 42, wide: 56 };

const NOTHING: readonly RequestView[] = [];

/** The newest requests, the latest first, as the stall remembers them while it is open. */
export function Requests() {
  const place = useRef<HTMLDivElement>(null);
  const { data, error, refetch, isFetching } = useQuery(requestsQuery(usePlatform()));
  const items = data?.items ?? NOTHING;
  const rows = useMemo(() => named(items), [items]);
  const hasAddresses = items.some(({ address }) => address !== null);
  const room = useRoom(place, hasAddresses ? 10 : 0, WIDTHS);
  const columns = useMemo(() => requestColumns(room, hasAddresses), [room, hasAddresses]);
  return (
    <PagedTable
      pages={{
        rows,
        isLoading: data === undefined,
        error,
        isFetching,
        retry: () => void refetch(),
        hasMore: false,
        isLoadingMore: false,
        moreFailed: false,
        loadMore: () => undefined,
      }}
      place={place}
      none={
        data?.open === false ? (
          <EmptyState icon={DoorClosed} title={m.visitors_log_closed()} text={m.visitors_log_closed_text()} />
        ) : (
          <EmptyState icon={Footprints} title={m.visitors_log_none()} text={m.visitors_log_none_text()} />
        )
      }
      label={m.visitors_log()}
      columns={columns}
      rowId={rowId}
      newLabel={(count) => m.visitors_log_new({ count })}
    />
  );
}

/** Requests have no names of their own, and two may be alike: those that are, are numbered from the oldest. */
function named(items: readonly RequestView[]): NamedRequest[] {
  const alike = new Map<string, number>();
  return items
    .toReversed()
    .map((request) => {
      const { at, method, path, status, bytes, payer } = request;
      const all = `${at} ${method} ${path} ${status} ${bytes} ${payer ?? ""}`;
      const nth = (alike.get(all) ?? 0) + 1;
      alike.set(all, nth);
      return { ...request, id: `${all} ${nth}` };
    })
    .reverse();
}
