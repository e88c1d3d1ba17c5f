import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { keys } from "./keys";
import { useCommand } from "./queries";

/** What the seller is told of, and how. */
export function notifyQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.notify, queryFn: () => call(platform, "notify_show", null) });
}

/** Changes what the seller is told of. */
export function useNotifySet() {
  const client = useQueryClient();
  return useCommand("notify_set", (now) => client.setQueryData(keys.notify, now));
}
