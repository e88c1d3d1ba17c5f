import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { FunnelQuery } from "./generated/FunnelQuery";
import { keys } from "./keys";

/** How many of the newest requests are shown. */
const REQUESTS = 200;

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
