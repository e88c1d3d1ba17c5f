import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

/** A list as far as it was scrolled to. */
export function usePages<Row>({
  data,
  error,
  refetch,
  isFetching,
  ...query
}: UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>) {
  const { fetchNextPage } = query;
  return {
    rows: useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]),
    isLoading: data === undefined,
    error,
    isFetching,
    retry: useCallback(() => void refetch(), [refetch]),
    hasMore: query.hasNextPage && !query.isFetchNextPageError,
    isLoadingMore: query.isFetchingNextPage,
    moreFailed: query.isFetchNextPageError,
    loadMore: useCallback(() => void fetchNextPage(), [fetchNextPage]),
  };
}
