import { queryOptions } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import { keys } from "./keys";
import { useCommand } from "./queries";

/** Where the money goes on each network, and whether it is known to be the seller's. */
export function payoutsQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.payouts, queryFn: () => call(platform, "payout_show", null) });
}

/** What stands between the stall and real money. */
export function checklistQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.checklist, queryFn: () => call(platform, "live_checklist", null) });
}

/** Shows that a payout address is the seller's own. */
export const usePayoutVerify = () => useCommand("payout_verify");
