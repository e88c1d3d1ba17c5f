const HASH = /0x[0-9a-f]{64}(?![0-9a-f])/i;

/** The transaction's hash in what was typed or pasted, such as a link to an explorer; null where there is none. */
export function readHash(text: string): string | null {
  return HASH.exec(text)?.[0].toLowerCase() ?? null;
}
