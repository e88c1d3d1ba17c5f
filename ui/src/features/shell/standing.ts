import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";

/** How the stall stands, as one word. */
export type Standing = "starting" | "selling" | "paused" | "offline";

/** How the stall stands, and why when it does not sell. */
export function useStanding(): { standing: Standing; reason: string | null; url: string | null } {
  const { data: status, error } = useQuery(statusQuery(usePlatform()));
  // What was known before says nothing about a stall that does not answer now.
  if (error !== null) {
    return { standing: "offline", reason: error.message, url: status?.url ?? null };
  }
  if (status === undefined) {
    return { standing: "starting", reason: null, url: null };
  }
  const { url, selling, offlineReason } = status;
  if (!selling) {
    return { standing: "paused", reason: null, url };
  }
  if (offlineReason !== null || url === null) {
    return { standing: "offline", reason: offlineReason, url };
  }
  return { standing: "selling", reason: null, url };
}
