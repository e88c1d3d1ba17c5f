import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { WebhookList } from "./generated/WebhookList";
import { keys, type MessageFilter } from "./keys";
import { type Command, useCommand } from "./queries";

/** How many messages a page of them has. */
const MESSAGE_PAGE = 50;

/** Everybody who is told what happens. */
export function webhooksQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.webhookList, queryFn: () => call(platform, "webhook_list", null) });
}

/** What they were told, newest first. While others are asked, those from before stay. */
export function messagesQuery(platform: Platform, filter: MessageFilter) {
  return infiniteQueryOptions({
    queryKey: keys.webhookMessages(filter),
    queryFn: ({ pageParam }) =>
      call(platform, "webhook_deliveries", {
        ...filter,
        limit: MESSAGE_PAGE,
        ...(pageParam !== null && { before: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) =>
      last.items.length < MESSAGE_PAGE ? null : (last.items.at(-1)?.message ?? null),
    placeholderData: keepPreviousData,
  });
}

/** Switches a webhook, or changes what it is told. */
export function useWebhookSet(): Command<"webhook_set"> {
  const client = useQueryClient();
  return useCommand("webhook_set", (now) =>
    client.setQueryData<WebhookList>(
      keys.webhookList,
      (known) => known && { ...known, items: known.items.map((one) => (one.id === now.id ? now : one)) },
    ),
  );
}

/** Tells a webhook nothing any more. */
export const useWebhookRemove = () => useCommand("webhook_remove");
/** Sends a webhook a message that tells of nothing. */
export const useWebhookTest = () => useCommand("webhook_test");
/** Sends a message once more. */
export const useRedeliver = () => useCommand("webhook_redeliver");
