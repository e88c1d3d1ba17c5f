import { useQuery } from "@tanstack/react-query";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";

const USDC = { token: "USDC", decimals: 6 };

/** The token that is sold in here. Until the network was reached once, it is taken for USDC. */
export function useToken(): { token: string; decimals: number } {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const asset = status?.networks[0]?.asset;
  // USDC calls itself "USD Coin" on some networks.
  return asset === undefined || asset === null
    ? USDC
    : { token: asset.name === "USD Coin" ? USDC.token : asset.name, decimals: asset.decimals };
}
