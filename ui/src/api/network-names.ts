import { useQuery } from "@tanstack/react-query";
import { createContext, use, useMemo } from "react";
import { addressPage, transactionPage } from "../lib/explorer";
import type { StatusView } from "./generated/StatusView";
import { usePlatform } from "./platform-context";
import { statusQuery } from "./queries";

/** What is known of the networks that buyers pay on, for lists whose rows must not each ask. */
export interface Networks {
  /** How many are sold on. */
  many: boolean;
  /** A network's name for people. */
  title(network: string): string;
  /** The name of the token that is paid in there. */
  token(network: string): string | undefined;
  /** The pages of an address and of a transaction in the network's explorer; null where it has none, as in practice. */
  addressPage(network: string, address: string): string | null;
  transactionPage(network: string, hash: string): string | null;
}

const Context = createContext<Networks>(networksOf());

export const NetworksProvider = Context.Provider;

export const useNetworks = () => use(Context);

/** The same for as long as nothing about the networks changes, whatever else the stall says of itself. */
export function useNetworksOfStall(): Networks {
  const { data } = useQuery({
    ...statusQuery(usePlatform()),
    select: ({ networks }: StatusView) => networks,
  });
  return useMemo(() => networksOf(data), [data]);
}

function networksOf(known: StatusView["networks"] = []): Networks {
  const find = (network: string) => known.find((other) => other.network === network);
  return {
    many: known.length > 1,
    title: (network) => find(network)?.title ?? network,
    token: (network) => find(network)?.asset?.name,
    addressPage: (network, address) => addressPage(find(network), address),
    transactionPage: (network, hash) => transactionPage(find(network), hash),
  };
}
