import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "./platform-context";
import { attentionQuery, statusQuery } from "./queries";

/** What needs the seller besides payments, and how much of it keeps single files from being bought. */
export function useHindrances(): { all: number; files: number } {
  const platform = usePlatform();
  const { data: status } = useQuery(statusQuery(platform));
  const { data: attention } = useQuery(attentionQuery(platform));
  const others = attention?.items.filter(({ kind }) => kind !== "payments") ?? [];
  return {
    // Where no network is set up there is none that an item could name.
    all: others.length + (status?.networks.length === 0 ? 1 : 0),
    files: others.filter(({ kind }) => kind === "file").length,
  };
}
