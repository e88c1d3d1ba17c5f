import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { keys } from "./keys";
import { type Command, useCommand } from "./queries";

/** How buyers reach the stall. */
export function reachQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.reach, queryFn: () => call(platform, "reach_show", null) });
}

/** Asks from outside whether it is this stall that answers there. */
export function useReachCheck(): Command<"reach_check"> {
  const client = useQueryClient();
  return useCommand("reach_check", (reach) => {
    client.setQueryData(keys.reach, reach);
    void client.invalidateQueries({ queryKey: keys.attention });
  });
}

/** Lets only this computer reach the stall. */
export function useReachOff(): Command<"reach_off"> {
  const client = useQueryClient();
  return useCommand("reach_off", (reach) => client.setQueryData(keys.reach, reach));
}

/** Goes through a purchase at the public address. */
export const useReachTry = () => useCommand("reach_try");
