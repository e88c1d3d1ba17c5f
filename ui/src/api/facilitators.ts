import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** Who else settles, network by network. */
export function facilitatorsQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.facilitators,
    queryFn: () => call(platform, "facilitator_show", null),
  });
}

/** Asks a facilitator what it settles. */
export const useFacilitatorCheck = () => useCommand("facilitator_check");

/** Lets the gas wallet settle on a network again. */
export function useFacilitatorRemove(): Command<"facilitator_remove"> {
  const client = useQueryClient();
  return useCommand("facilitator_remove", () => client.invalidateQueries({ queryKey: keys.facilitators }));
}
