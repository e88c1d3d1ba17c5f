import type { NetworkFacts, PaymentRequired, Requirements } from "./contract";

/** What the tests of the pure parts sell. */

export const PAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

export const NETWORKS: Record<string, NetworkFacts> = {
  "eip155:84532": {
    name: "Base Sepolia",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: [],
    explorerUrl: null,
    tokens: { "0x036cbd53842c5426634e7929541ec2318f3dcf7e": { symbol: "USDC", decimals: 6, isDollar: true } },
  },
};

export function requirements(change: Partial<Requirements> = {}): Requirements {
  return {
    scheme: "exact",
    network: "eip155:84532",
    amount: "10000",
    asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    maxTimeoutSeconds: 300,
    extra: { name: "USDC", version: "2" },
    ...change,
  };
}

export function terms(change: Partial<PaymentRequired> = {}): PaymentRequired {
  return {
    x402Version: 2,
    resource: { url: "https://stall.example/guide" },
    accepts: [requirements()],
    ...change,
  };
}
