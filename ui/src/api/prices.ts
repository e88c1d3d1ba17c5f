import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { PriceList } from "./generated/PriceList";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** Every price of an endpoint, and what is to begin. */
export function pricesQuery(platform: Platform, endpoint: string) {
  return queryOptions({
    queryKey: keys.prices(endpoint),
    queryFn: () => call(platform, "price_list", { endpoint }),
  });
}

/** The files of a folder with what each costs, as far as they were asked for. */
export function folderFilesQuery(platform: Platform, endpoint: string) {
  return infiniteQueryOptions({
    queryKey: keys.folderFiles(endpoint),
    queryFn: ({ pageParam }) =>
      call(platform, "endpoint_files", { endpoint, ...(pageParam !== null && { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** What an endpoint was sold at before. */
export function priceHistoryQuery(platform: Platform, endpoint: string) {
  return queryOptions({
    queryKey: keys.priceHistory(endpoint),
    queryFn: () => call(platform, "price_history", { endpoint }),
  });
}

/** A command that answers with all prices of its endpoint. */
function usePriceCommand<Name extends "price_set" | "price_remove" | "price_cancel">(
  name: Name,
): Command<Name> {
  const client = useQueryClient();
  return useCommand(name, (now: PriceList) => client.setQueryData(keys.prices(now.endpoint), now));
}

/** Sets a price, at once or from a moment on. */
export const usePriceSet = () => usePriceCommand("price_set");
/** Ends a price that is not the usual one. */
export const usePriceRemove = () => usePriceCommand("price_remove");
/** Cancels a price that is to begin. */
export const usePriceCancel = () => usePriceCommand("price_cancel");

/** What to know of a price before it is asked. While another is typed, what was known stays. */
export function priceCheckQuery(platform: Platform, price: string) {
  return queryOptions({
    queryKey: keys.priceCheck(price),
    queryFn: () => call(platform, "price_check", { price }),
    placeholderData: keepPreviousData,
  });
}
