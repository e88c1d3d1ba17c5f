/** Why a text is not one address. */
export type AddressProblem = "empty" | "wrong" | "many";

/** An address that was typed or pasted, or why it is none. Its checksum is the app's to check. */
export type TypedAddress = { value: string; problem: null } | { value: null; problem: AddressProblem };

const ADDRESS = /(?<![0-9a-z])0x[0-9a-f]{40}(?![0-9a-z])/gi;

/** What cannot be seen and comes along when something is copied. */
const UNSEEN = /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/** Takes away what comes along when an address is copied: spaces, quotes, a wallet's link around it. */
export function cleaned(text: string): string {
  const seen = text.replace(UNSEEN, "").replace(/^["'“”‘’<(]+|["'“”‘’>),.;]+$/g, "");
  const found = addressesIn(seen);
  return found.length === 1 && found[0] !== undefined ? `0x${found[0].slice(2)}` : seen;
}

/** Reads an address out of what was typed. */
export function readAddress(text: string): TypedAddress {
  const clean = cleaned(text);
  if (clean === "") {
    return { value: null, problem: "empty" };
  }
  if (/^0x[0-9a-f]{40}$/i.test(clean)) {
    return { value: clean, problem: null };
  }
  return { value: null, problem: addressesIn(clean).length > 1 ? "many" : "wrong" };
}

/** The addresses in a text, each once whatever its case. */
function addressesIn(text: string): string[] {
  const found = new Map((text.match(ADDRESS) ?? []).map((address) => [address.toLowerCase(), address]));
  return [...found.values()];
}

/** Whether two spellings name the same account. */
export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
