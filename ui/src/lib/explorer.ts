/** Where a network can be looked into from outside, by its CAIP-2 name. */
const EXPLORERS: Record<string, string> = {
  "eip155:8453": "https://basescan.org",
  "eip155:84532": "https://sepolia.basescan.org",
};

/** A transaction's page in the network's explorer; null in practice, whose chain nobody else can see. */
export function transactionPage(environment: string, network: string, hash: string): string | null {
  return page(environment, network, `tx/${hash}`);
}

/** An address's page in the network's explorer; null in practice. */
export function addressPage(environment: string, network: string, address: string): string | null {
  return page(environment, network, `address/${address}`);
}

function page(environment: string, network: string, path: string): string | null {
  const explorer = EXPLORERS[network];
  return environment === "practice" || explorer === undefined ? null : `${explorer}/${path}`;
}
