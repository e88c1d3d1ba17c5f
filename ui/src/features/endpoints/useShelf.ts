import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery } from "../../api/queries";

/** What is for sale, newest first, as far as the search in the address finds it. */
export function useShelf() {
  const { q = "", state } = useSearch({ from: "/endpoints" });
  // Nobody tells when a file is moved or changed: it is looked at whenever the shelf is.
  const { data, ...query } = useQuery({ ...endpointsQuery(usePlatform()), refetchOnMount: "always" });
  const all = data?.items;
  const found = useMemo(() => all && newestFirst(all, q, state), [all, q, state]);
  return { ...query, all, found, text: q, state };
}

/** What the list can be narrowed to. */
export const SHOWN = ["live", "paused", "spoiled"] as const;

/** The endpoints in a state whose name or path contains every word of a text, newest first. */
function newestFirst(
  all: readonly EndpointView[],
  text: string,
  wanted: (typeof SHOWN)[number] | undefined,
): EndpointView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter(({ state, fileState }) => {
      const isSpoiled = fileState === "missing" || fileState === "changed";
      return wanted === undefined || (wanted === "spoiled" ? isSpoiled : state === wanted);
    })
    .filter(({ title, path }) => {
      const where = `${title} ${path}`.toLowerCase();
      return words.every((word) => where.includes(word));
    })
    .reverse();
}
