import { infiniteQueryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** What the seller was told, the last first, and how much of it was not seen yet. */
export function noticesQuery(platform: Platform) {
  return infiniteQueryOptions({
    queryKey: keys.notices,
    queryFn: ({ pageParam }) =>
      call(platform, "notice_list", pageParam === null ? {} : { before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** It was seen. */
export function useNoticesSeen(): Command<"notices_seen"> {
  const client = useQueryClient();
  return useCommand("notices_seen", () => void client.invalidateQueries({ queryKey: keys.notices }));
}
