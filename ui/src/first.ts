import type { QueryClient } from "@tanstack/react-query";
import { noticesQuery } from "./api/notices";
import {
  attentionQuery,
  endpointsQuery,
  recentBatchesQuery,
  recentPaymentsQuery,
  revenueQuery,
  statusQuery,
} from "./api/queries";
import { reachQuery } from "./api/reach";
import { topBuyersQuery } from "./api/visitors";
import { RECENT } from "./features/home/Recent";
import { queryOf } from "./features/home/ranges";
import type { Platform } from "./platform/platform";

/** Asks what stands around every page, and what Home shows where that is opened, before any of it asks for itself. */
export function askFirst(client: QueryClient, platform: Platform, path: string): Promise<void>[] {
  const around = [
    client.prefetchQuery(statusQuery(platform)),
    client.prefetchQuery(attentionQuery(platform)),
    client.prefetchInfiniteQuery(noticesQuery(platform)),
    client.prefetchQuery(endpointsQuery(platform)),
    client.prefetchQuery(recentBatchesQuery(platform)),
  ];
  if (path !== "/") {
    return around;
  }
  return [
    ...around,
    client.prefetchQuery(revenueQuery(platform, queryOf({}))),
    client.prefetchQuery(recentPaymentsQuery(platform, RECENT)),
    client.prefetchQuery(topBuyersQuery(platform)),
    client.prefetchQuery(reachQuery(platform)),
  ];
}
