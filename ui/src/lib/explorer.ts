/** A network, as far as it can be looked into from outside. */
interface Explored {
  /** Where, without a slash at its end; null where nobody else can see the chain, as in practice. */
  explorer: string | null;
}

/** A transaction's page in the network's explorer; null where it has none, or while the network is not known. */
export function transactionPage(network: Explored | undefined, hash: string): string | null {
  return page(network, `tx/${hash}`);
}

/** An address's page in the network's explorer; null where it has none, or while the network is not known. */
export function addressPage(network: Explored | undefined, address: string): string | null {
  return page(network, `address/${address}`);
}

function page(network: Explored | undefined, path: string): string | null {
  return typeof network?.explorer === "string" ? `${network.explorer}/${path}` : null;
}
