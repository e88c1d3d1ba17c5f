import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery } from "../../api/queries";

/** What is for sale, newest first, as far as the search in the address finds it. */
export function useShelf() {
  const { q = "" } = useSearch({ from: "/endpoints" });
  // Nobody tells when a file is moved or changed: it is looked at whenever the shelf is.
  const { data, ...query } = useQuery({ ...endpointsQuery(usePlatform()), refetchOnMount: "always" });
  const all = data?.items;
  const found = useMemo(() => all && newestFirst(all, q), [all, q]);
  return { ...query, all, found, text: q };
}

/** The endpoints whose name or path contains every word of a text, newest first. */
function newestFirst(all: readonly EndpointView[], text: string): EndpointView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter(({ title, path }) => {
      const where = `${title} ${path}`.toLowerCase();
      return words.every((word) => where.includes(word));
    })
    .reverse();
}
