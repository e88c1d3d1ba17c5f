import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { NetworkView } from "./generated/NetworkView";
import { keys } from "./keys";
import { usePlatform } from "./platform-context";
import { type Command, statusQuery, useCommand } from "./queries";

const NONE: readonly NetworkView[] = [];

/** How often nodes are looked at while somebody looks on: nobody says that a node became slow. */
const LOOK_AGAIN = 15_000;

/** Every network that can be sold on, with how those that were set up are. */
export function networksQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.networks,
    queryFn: () => call(platform, "network_list", null),
    refetchInterval: LOOK_AGAIN,
  });
}

/** Looks at what is on chain now; with `accept`, takes code that changed as it is now. */
export function useNetworkCheck(): Command<"network_check"> {
  const client = useQueryClient();
  return useCommand("network_check", () => client.invalidateQueries({ queryKey: keys.networks }));
}

/** Gives a network up. */
export function useNetworkRemove(): Command<"network_remove"> {
  const client = useQueryClient();
  return useCommand("network_remove", () => client.invalidateQueries({ queryKey: keys.networks }));
}

/** The networks that were set up; none while that is not known. */
export function useNetworks(): readonly NetworkView[] {
  const { data } = useQuery({ ...statusQuery(usePlatform()), select: ({ networks }) => networks });
  return data ?? NONE;
}

/** A network that was set up, by its CAIP-2 id; undefined while that is not known, or when it was given up since. */
export function useNetwork(network: string): NetworkView | undefined {
  return useNetworks().find((other) => other.network === network);
}

/** What all of several networks have in common, such as their coin; undefined when they differ. */
export function common<Part>(
  networks: readonly NetworkView[],
  part: (network: NetworkView) => Part,
): Part | undefined {
  const [first, ...others] = networks.map(part);
  return others.every((other) => other === first) ? first : undefined;
}
