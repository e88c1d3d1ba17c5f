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
import { createQueryClient } from "./api/query-client";
import { reachQuery } from "./api/reach";
import { follow } from "./api/stale";
import { topBuyersQuery } from "./api/visitors";
import { queryOf } from "./features/home/ranges";
import { choosePlatform } from "./platform/choose";
import type { Platform } from "./platform/platform";

/** So long the window waits for what it shows first; beyond that it says that it waits. */
const AT_ONCE = 300;

/** A window that cannot hear is still better than none. */
const HEARD_WITHIN = 1500;

/** What is there before the pages are: the program around them, and its first answers. */
export interface Beginning {
  platform: Platform;
  client: QueryClient;
}

/** Listens, and asks what the page at `path` shows first, while whatever draws it is still read. */
export async function begin(path: string): Promise<Beginning> {
  const platform = await choosePlatform();
  const client = createQueryClient();
  const { begun } = follow(client, platform);
  const answered = Promise.allSettled(askFirst(client, platform, path));
  // The program answers a page once that hears of changes, but does not wait for ever: then all has to be asked again.
  if (!(await within(HEARD_WITHIN, begun))) {
    void begun.then(() => client.invalidateQueries());
  }
  await within(AT_ONCE, answered);
  return { platform, client };
}

/** Waits for something, but no longer than that; whether it came. */
function within(milliseconds: number, what: Promise<unknown>): Promise<boolean> {
  return Promise.race([
    what.then(() => true),
    new Promise<boolean>((over) => setTimeout(() => over(false), milliseconds)),
  ]);
}

/** Asks what stands around every page, and what Home shows where that is opened. */
function askFirst(client: QueryClient, platform: Platform, path: string): Promise<void>[] {
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
    client.prefetchQuery(recentPaymentsQuery(platform)),
    client.prefetchQuery(reachQuery(platform)),
    client.prefetchQuery(topBuyersQuery(platform)),
  ];
}
