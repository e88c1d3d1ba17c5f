import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import type { PaymentFilter } from "../../api/keys";
import { usePlatform } from "../../api/platform-context";
import { paymentsQuery } from "../../api/queries";

const NONE: readonly PaymentView[] = [];

/** The payments of a filter as far as they were scrolled to. */
export function usePayments(filter: PaymentFilter) {
  const { data, error, refetch, isFetching, ...query } = useInfiniteQuery(
    paymentsQuery(usePlatform(), filter),
  );
  const { fetchNextPage, isPlaceholderData } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? NONE, [data]);
  // While another filter is asked, what is shown is still that of the one before.
  const [shown, setShown] = useState(filter);
  if (!isPlaceholderData && shown !== filter) {
    setShown(filter);
  }
  return {
    rows,
    first: data?.pages[0],
    /** Changes when the rows are those of another filter. */
    shownFor: JSON.stringify(isPlaceholderData ? shown : filter),
    error,
    isFetching,
    retry: useCallback(() => void refetch(), [refetch]),
    hasMore: query.hasNextPage && !query.isFetchNextPageError,
    isLoadingMore: query.isFetchingNextPage,
    moreFailed: query.isFetchNextPageError,
    loadMore: useCallback(() => void fetchNextPage(), [fetchNextPage]),
  };
}

export type Payments = ReturnType<typeof usePayments>;
