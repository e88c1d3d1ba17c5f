import type { Offer } from "./contract";
import { asCount, asRecord, asText, parseJson } from "./read";

/**
 * What this browser remembers of a purchase, so that closing a tab, reloading or losing the network never makes
 * anybody pay twice: the signed payment until the seller has answered with a grant, and the grant afterwards.
 */

/** A payment that was signed and whose outcome this browser has not heard of. */
export interface KeptPayment {
  payer: string;
  /** The header `PAYMENT-SIGNATURE`, sent again as it is: same nonce, so at most one payment. */
  header: string;
  /** As shown when it was signed. */
  price: string;
  /** Milliseconds since 1970. */
  signedAt: number;
  /** Seconds since 1970. */
  validBefore: number;
}

export interface KeptGrant {
  grant: string;
  receipt: string | null;
  status: string | null;
  fileName: string | null;
  sizeBytes: number | null;
  files: { name: string; sizeBytes: number | null; grant: string }[];
  payer: string | null;
  /** Milliseconds since 1970. */
  since: number;
}

/** Keeps in `localStorage`, and in memory where the browser allows no more. */
export class Keep {
  readonly #prefix: string;
  readonly #storage: Storage | null;
  readonly #memory = new Map<string, string>();

  /** `address` is path and query: the origin is the storage's own. */
  constructor(storage: Storage | null, address: string, environment: Offer["page"]["environment"]) {
    this.#storage = storage;
    this.#prefix = `stallkeeper ${environment} ${address} `;
  }

  /** The names of the payments that wait for their outcome; normally none or one. */
  payments(): KeptPayment[] {
    return this.#names()
      .filter((name) => name.startsWith(`${this.#prefix}payment `))
      .map((name) => asKeptPayment(parseJson(this.#read(name) ?? "")))
      .filter((payment) => payment !== null);
  }

  payment(payer: string): KeptPayment | null {
    return asKeptPayment(parseJson(this.#read(this.#paymentName(payer)) ?? ""));
  }

  setPayment(payment: KeptPayment): void {
    this.#write(this.#paymentName(payment.payer), JSON.stringify(payment));
  }

  /** Forgets a payment, unless another one of the same payer stands there meanwhile. */
  dropPayment(payment: KeptPayment): void {
    if (this.payment(payment.payer)?.header === payment.header) {
      this.#remove(this.#paymentName(payment.payer));
    }
  }

  grant(): KeptGrant | null {
    return asKeptGrant(parseJson(this.#read(`${this.#prefix}grant`) ?? ""));
  }

  setGrant(grant: KeptGrant): void {
    this.#write(`${this.#prefix}grant`, JSON.stringify(grant));
  }

  dropGrant(): void {
    this.#remove(`${this.#prefix}grant`);
  }

  /** The wallet that was used last, on any page of this origin. */
  lastWallet(): string | null {
    return this.#read(LAST_WALLET);
  }

  setLastWallet(rdns: string): void {
    this.#write(LAST_WALLET, rdns);
  }

  #paymentName(payer: string): string {
    return `${this.#prefix}payment ${payer.toLowerCase()}`;
  }

  #names(): string[] {
    const stored = this.#storage === null ? [] : Object.keys(this.#storage);
    return [...new Set([...stored, ...this.#memory.keys()])];
  }

  #read(name: string): string | null {
    return this.#memory.get(name) ?? this.#storage?.getItem(name) ?? null;
  }

  #write(name: string, value: string): void {
    try {
      if (this.#storage !== null) {
        this.#storage.setItem(name, value);
        return;
      }
    } catch {
      // The browser has no room or does not allow it: then only this page remembers.
    }
    this.#memory.set(name, value);
  }

  #remove(name: string): void {
    this.#memory.delete(name);
    this.#storage?.removeItem(name);
  }
}

const LAST_WALLET = "stallkeeper wallet";

function asKeptPayment(value: unknown): KeptPayment | null {
  const fields = asRecord(value);
  const payer = asText(fields?.payer);
  const header = asText(fields?.header);
  const price = asText(fields?.price);
  const signedAt = asCount(fields?.signedAt);
  const validBefore = asCount(fields?.validBefore);
  return payer && header && price !== null && signedAt !== null && validBefore !== null
    ? { payer, header, price, signedAt, validBefore }
    : null;
}

function asKeptGrant(value: unknown): KeptGrant | null {
  const fields = asRecord(value);
  const grant = asText(fields?.grant);
  const since = asCount(fields?.since);
  if (fields === null || grant === null || since === null) {
    return null;
  }
  return {
    grant,
    receipt: asText(fields.receipt),
    status: asText(fields.status),
    fileName: asText(fields.fileName),
    sizeBytes: asCount(fields.sizeBytes),
    files: Array.isArray(fields.files) ? fields.files.map(asFile).filter((file) => file !== null) : [],
    payer: asText(fields.payer),
    since,
  };
}

export function asFile(value: unknown): { name: string; sizeBytes: number | null; grant: string } | null {
  const fields = asRecord(value);
  const name = asText(fields?.name);
  const grant = asText(fields?.grant);
  return name !== null && grant !== null ? { name, sizeBytes: asCount(fields?.sizeBytes), grant } : null;
}

/** The browser's storage, or `null` where it forbids it (which throws on mere reading). */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
