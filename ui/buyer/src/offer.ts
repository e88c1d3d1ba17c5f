import { getAddress, isAddress } from "viem/utils";
import type { NetworkFacts, Offer, PaymentRequired, Requirements, TokenFacts } from "./contract";
import { asRecord, parseJson } from "./read";

/** One way to pay that this page can go: a plain `exact` payment in a token it knows. */
export interface Choice {
  requirements: Requirements;
  chainId: number;
  network: NetworkFacts;
  token: TokenFacts;
  /** The price in the token's smallest unit. */
  amount: bigint;
}

/** The offer that the server wrote into the page. */
export function readOffer(document: Document): Offer | null {
  const offer = asRecord(parseJson(document.getElementById("offer")?.textContent ?? ""));
  return asRecord(offer?.page) === null ? null : (offer as unknown as Offer);
}

/** Terms, if that is what it is. */
export function asPaymentRequired(value: unknown): PaymentRequired | null {
  const terms = asRecord(value);
  const isRead =
    terms !== null &&
    terms.x402Version === 2 &&
    Array.isArray(terms.accepts) &&
    terms.accepts.every((entry) => asRecord(entry) !== null);
  return isRead ? (value as PaymentRequired) : null;
}

/** The ways to pay, in the seller's order. What this page cannot pay or name exactly is left out. */
export function choicesOf(terms: PaymentRequired | null, networks: Record<string, NetworkFacts>): Choice[] {
  const choices: Choice[] = [];
  for (const requirements of terms?.accepts ?? []) {
    const choice = choiceOf(requirements, networks);
    if (choice !== null) {
      choices.push(choice);
    }
  }
  return choices;
}

function choiceOf(requirements: Requirements, networks: Record<string, NetworkFacts>): Choice | null {
  const { scheme, network, asset, amount, payTo, maxTimeoutSeconds, extra } = requirements;
  const chainId = /^eip155:([1-9]\d{0,14})$/.exec(String(network))?.[1];
  const facts = Object.hasOwn(networks, network) ? networks[network] : undefined;
  const token = typeof asset === "string" ? facts?.tokens[asset.toLowerCase()] : undefined;
  const isPlain =
    scheme === "exact" &&
    (extra?.assetTransferMethod ?? "eip3009") === "eip3009" &&
    (extra?.paymentFlow ?? "authorization") === "authorization" &&
    typeof extra?.name === "string" &&
    typeof extra.version === "string" &&
    // A payment out of a balance elsewhere is signed for another contract than the token.
    extra.verifyingContract === undefined;
  if (chainId === undefined || facts === undefined || token === undefined || !isPlain) {
    return null;
  }
  const isSigned =
    isAddress(asset, { strict: false }) &&
    isAddress(payTo, { strict: false }) &&
    /^[1-9]\d{0,18}$/.test(amount) &&
    Number.isSafeInteger(maxTimeoutSeconds) &&
    maxTimeoutSeconds > 0;
  return isSigned
    ? { requirements, chainId: Number(chainId), network: facts, token, amount: BigInt(amount) }
    : null;
}

/** Whether both are paid in the same token of the same network. */
export function isSameWay(one: Choice, other: Choice): boolean {
  return (
    one.chainId === other.chainId &&
    getAddress(one.requirements.asset) === getAddress(other.requirements.asset)
  );
}

/** Whether what was signed for one pays the other, too. */
export function areSameTerms(one: Choice, other: Choice): boolean {
  return (
    isSameWay(one, other) &&
    one.amount === other.amount &&
    getAddress(one.requirements.payTo) === getAddress(other.requirements.payTo)
  );
}
