import { parseJson } from "./read";

/**
 * One tab at a time pays for one thing. The seller takes an authorization once whatever happens here; this keeps two
 * tabs from asking a wallet for two of them.
 */

const LEASE_MS = 6_000;
const RENEW_MS = 2_000;

/** Where a browser has no locks, which is everywhere but on https and this computer. */
export interface LeaseStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

export class Turn {
  readonly #name: string;
  readonly #locks: LockManager | undefined;
  readonly #storage: LeaseStorage | null;
  readonly #tab = String(Math.random());

  constructor(address: string, locks: LockManager | undefined, storage: LeaseStorage | null) {
    this.#name = `stallkeeper turn ${address}`;
    this.#locks = locks;
    this.#storage = storage;
  }

  /** Does the work if no other tab is at it, and says whether it did. */
  async take(work: () => Promise<void>): Promise<boolean> {
    if (this.#locks === undefined) {
      return await this.#lease(work);
    }
    return await this.#locks.request(this.#name, { ifAvailable: true }, async (lock) => {
      if (lock !== null) {
        await work();
      }
      return lock !== null;
    });
  }

  /** Comes back when the tab that is at it is done or gone. */
  async free(): Promise<void> {
    if (this.#locks !== undefined) {
      await this.#locks.request(this.#name, async () => {});
      return;
    }
    while (this.#isTaken()) {
      await new Promise((next) => setTimeout(next, RENEW_MS / 2));
    }
  }

  async #lease(work: () => Promise<void>): Promise<boolean> {
    if (this.#isTaken()) {
      return false;
    }
    const renew = () =>
      this.#storage?.setItem(this.#name, JSON.stringify([this.#tab, Date.now() + LEASE_MS]));
    renew();
    const renewing = setInterval(renew, RENEW_MS);
    try {
      await work();
    } finally {
      clearInterval(renewing);
      this.#storage?.removeItem(this.#name);
    }
    return true;
  }

  #isTaken(): boolean {
    const held = parseJson(this.#storage?.getItem(this.#name) ?? "null");
    return Array.isArray(held) && held[0] !== this.#tab && Number(held[1]) > Date.now();
  }
}
