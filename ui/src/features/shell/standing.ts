import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";

/** How the stall stands, as one word. */
export type Standing = "starting" | "selling" | "paused" | "offline";

/** How the stall stands, and why when it does not sell. */
export function useStanding(): {
  standing: Standing;
  reason: string | null;
  url: string | null;
  /** When it opens by itself after a pause, in Unix milliseconds. */
  pausedUntil: number | null;
} {
  const { data: status, error } = useQuery(statusQuery(usePlatform()));
  // What was known before says nothing about a stall that does not answer now.
  if (error !== null) {
    return { standing: "offline", reason: error.message, url: status?.url ?? null, pausedUntil: null };
  }
  if (status === undefined) {
    return { standing: "starting", reason: null, url: null, pausedUntil: null };
  }
  const { url, selling, offlineReason, unreached, pausedUntil } = status;
  if (!selling) {
    return { standing: "paused", reason: null, url, pausedUntil };
  }
  const reason = offlineReason ?? unreached;
  if (reason !== null || url === null) {
    return { standing: "offline", reason, url, pausedUntil };
  }
  return { standing: "selling", reason: null, url, pausedUntil };
}
