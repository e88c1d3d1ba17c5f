import { useQuery } from "@tanstack/react-query";
import type { NetworkView } from "../../api/generated/NetworkView";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";

const NONE: readonly NetworkView[] = [];

/** The networks that are set up. */
export function useNetworks(): readonly NetworkView[] {
  const { data } = useQuery({ ...statusQuery(usePlatform()), select: ({ networks }) => networks });
  return data ?? NONE;
}

/** A network's name for people. */
export function useNetworkTitle(network: string): string {
  return useNetworks().find((one) => one.network === network)?.title ?? network;
}
