import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { FunnelQuery } from "./generated/FunnelQuery";
import { keys } from "./keys";

/** How many of the newest requests are shown. */
const REQUESTS = 200;

/** How many of one endpoint's are shown at once. */
const OF_ENDPOINT = 25;

/** Visits are too many to be told one by one, so whoever looks asks again after so many milliseconds. */
const AGAIN = 5_000;

/** How far visits came in some days. While other days are asked, those from before stay. */
export function funnelQuery(platform: Platform, query: FunnelQuery) {
  return queryOptions({
    queryKey: keys.funnel(query),
    queryFn: () => call(platform, "funnel_show", query),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN,
  });
}

/** The newest requests, and whether any are remembered now. */
export function requestsQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.requests,
    queryFn: () => call(platform, "request_list", { limit: REQUESTS }),
    refetchInterval: AGAIN,
  });
}

/** How many buyers Home names. */
const TOP_BUYERS = 5;

/** Who has paid most since the beginning. */
export function topBuyersQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.topBuyers,
    queryFn: () => call(platform, "payer_list", { sort: "settled", limit: TOP_BUYERS }),
  });
}

/** The newest requests for one endpoint, page by page. */
export function requestsOfQuery(platform: Platform, endpoint: string) {
  return infiniteQueryOptions({
    queryKey: keys.requestsOf(endpoint),
    queryFn: ({ pageParam }) =>
      call(platform, "request_list", {
        endpoint,
        limit: OF_ENDPOINT,
        ...(pageParam !== null && { before: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: AGAIN,
  });
}
