import { useNetworks } from "../../api/networks";

const USDC = { token: "USDC", decimals: 6 };

/** What is sold for: the tokens of all networks, and as many decimals as each of them has. USDC until one was reached. */
export function useToken(): { token: string; decimals: number } {
  const assets = useNetworks().flatMap(({ asset }) => (asset === null ? [] : [asset]));
  if (assets.length === 0) {
    return USDC;
  }
  // USDC calls itself "USD Coin" on some networks.
  const names = new Set(assets.map(({ name }) => (name === "USD Coin" ? USDC.token : name)));
  return { token: [...names].join(" / "), decimals: Math.min(...assets.map(({ decimals }) => decimals)) };
}
