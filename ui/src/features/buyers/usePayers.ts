import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { PayerView } from "../../api/generated/PayerView";
import { usePlatform } from "../../api/platform-context";
import { payersQuery } from "../../api/queries";
import { choiceOf, type Shown } from "./choice";

const NONE: readonly PayerView[] = [];

/** The buyers as far as they were scrolled to. */
export function usePayers(shown: Shown) {
  const { data, error, refetch, isFetching, ...query } = useInfiniteQuery(
    payersQuery(usePlatform(), choiceOf(shown)),
  );
  const { fetchNextPage } = query;
  return {
    rows: useMemo(() => data?.pages.flatMap((page) => page.items) ?? NONE, [data]),
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

export type Payers = ReturnType<typeof usePayers>;
