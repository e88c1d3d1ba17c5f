import type { Book } from "./book";
import { settleBy } from "./book";
import type { Clock } from "./clock";
import type { Events } from "./events";
import type { Batch, Payment } from "./records";

/** How long the steps of a settlement take, counted from its begin. */
const SIGNED = 300;
const SENT = 500;
const MINED = 2_500;
const FINAL = 8_000;

/** How many payments one transaction settles at most. */
export const BATCH_LIMIT = 250;

/** What settling costs: gas for a transaction, and for each payment in it. */
const GAS_BASE = 60_000;
export const GAS_EACH = 60_000;

/** Wei for a unit of gas. */
export const GAS_PRICE = 6_000_000n;

/** Gas that a transaction of so many payments uses. */
export function gasOf(payments: number): number {
  return payments === 0 ? 0 : GAS_BASE + GAS_EACH * payments;
}

/** What gas costs, in wei. */
export function feeOf(gas: number): bigint {
  return BigInt(gas) * GAS_PRICE;
}

/** What hinders for now only: the payment goes back to the queue. */
const PASSING = ["payout_blocked", "paused", "not_yet_valid"];

/** Turns queued payments into settled ones, in simulated time. */
export class Settler {
  readonly batches: Batch[] = [];
  /** What a batch was made of by a request of that name. */
  readonly #asked = new Map<string, Batch[]>();
  readonly #book: Book;
  readonly #clock: Clock;
  readonly #events: Events;
  /** Why nothing can be settled now; null when it can. */
  readonly #hindrance: () => string | null;
  /** Pays for a transaction. */
  readonly #spend: (wei: bigint) => void;
  #block = 41_000_000;

  constructor(
    book: Book,
    clock: Clock,
    events: Events,
    hindrance: () => string | null,
    spend: (wei: bigint) => void,
  ) {
    this.#book = book;
    this.#clock = clock;
    this.#events = events;
    this.#hindrance = hindrance;
    this.#spend = spend;
  }

  /** Enters a batch that ended in the past. */
  enter(payments: Payment[], startedBy: Batch["startedBy"], at: number): Batch {
    const batch = this.#open(payments, startedBy, at);
    const isFailed = (payment: Payment) => payment.state === "failed";
    payments.forEach((payment, place) => {
      batch.results[place] =
        payment.state === "settled_elsewhere" ? payment.state : isFailed(payment) ? "excluded" : "settled";
      payment.changedAt = at + MINED;
      if (isFailed(payment) && payment.reason !== null) {
        leave(payment, batch, "failed", payment.reason);
      }
    });
    const failed = payments.filter(isFailed).length;
    batch.state = failed === 0 ? "final" : failed === payments.length ? "failed" : "partly_settled";
    if (failed < payments.length) {
      Object.assign(batch, {
        savedAt: at + SIGNED,
        sentAt: at + SENT,
        minedAt: at + MINED,
        finalAt: at + FINAL,
      });
      batch.block = this.#nextBlock();
    }
    return batch;
  }

  /** Settles what waits. The same name again begins nothing and gives the batches it made. */
  settle(
    key: string | null,
    only: readonly Payment[] | null = null,
    startedBy: Batch["startedBy"] = "seller",
  ): Batch[] {
    const made = key === null ? undefined : this.#asked.get(key);
    if (made !== undefined) {
      return made;
    }
    const waiting = this.#book.queued().filter((payment) => only === null || only.includes(payment));
    const batches: Batch[] = [];
    for (let from = 0; from < waiting.length; from += BATCH_LIMIT) {
      batches.push(this.#begin(waiting.slice(from, from + BATCH_LIMIT), startedBy));
    }
    if (key !== null) {
      this.#asked.set(key, batches);
    }
    return batches;
  }

  /** Settles a payment by itself when its deadline comes, as long as nothing hinders. */
  watch(payment: Payment): void {
    this.#clock.after(settleBy(payment) - this.#clock.now(), () => {
      if (payment.state === "queued" && this.#hindrance() === null) {
        const due = this.#book.queued().filter((other) => settleBy(other) <= this.#clock.now());
        this.#begin(due, "deadline");
      }
    });
  }

  /** Settles one payment whose buyer waits for it. */
  atOnce(payment: Payment): void {
    payment.doom = null;
    this.#begin([payment], "instant");
  }

  /** What came on chain since a moment. */
  settledSince(moment: number, until = Number.POSITIVE_INFINITY): { payments: number; amount: bigint } {
    const total = { payments: 0, amount: 0n };
    for (const batch of this.batches.filter(
      ({ minedAt }) => minedAt !== null && minedAt >= moment && minedAt < until,
    )) {
      for (const [place, { amount }] of batch.payments.entries()) {
        if (batch.results[place] === "settled") {
          total.payments += 1;
          total.amount += amount;
        }
      }
    }
    return total;
  }

  /** Whether every batch of a request has ended. */
  isOver(batches: readonly Batch[]): boolean {
    return batches.every(
      ({ state }) => state === "final" || state === "failed" || state === "partly_settled",
    );
  }

  #begin(payments: Payment[], startedBy: Batch["startedBy"]): Batch {
    const batch = this.#open(payments, startedBy, this.#clock.now());
    for (const payment of payments) {
      this.#book.move(payment, "settling");
    }
    this.#clock.after(SIGNED, () => this.#sign(batch));
    this.#clock.after(SENT, () => this.#step(batch, { sentAt: this.#clock.now() }));
    this.#clock.after(MINED, () => this.#mine(batch));
    this.#clock.after(FINAL, () => this.#finish(batch));
    return batch;
  }

  #open(payments: Payment[], startedBy: Batch["startedBy"], createdAt: number): Batch {
    const batch: Batch = {
      id: this.batches.length + 1,
      startedBy,
      createdAt,
      payments,
      results: payments.map(() => "pending"),
      state: "preparing",
      savedAt: null,
      sentAt: null,
      minedAt: null,
      finalAt: null,
      block: null,
    };
    for (const payment of payments) {
      payment.batch = batch;
    }
    this.batches.push(batch);
    this.#events.changed("batches");
    return batch;
  }

  /** Those that would fail are left out before anything is signed. */
  #sign(batch: Batch): void {
    batch.payments.forEach((payment, place) => {
      if (payment.doom !== null) {
        const isPassing = PASSING.includes(payment.doom);
        batch.results[place] = isPassing ? "returned" : "excluded";
        this.#book.move(payment, isPassing ? "queued" : "failed", payment.doom);
        leave(payment, batch, isPassing ? "returned" : "failed", payment.doom);
      }
    });
    if (batch.results.includes("pending")) {
      this.#step(batch, { savedAt: this.#clock.now(), state: "submitted" });
    } else {
      this.#step(batch, { state: "failed" });
    }
  }

  #mine(batch: Batch): void {
    if (batch.savedAt === null) {
      return;
    }
    batch.block = this.#nextBlock();
    batch.minedAt = this.#clock.now();
    batch.payments.forEach((payment, place) => {
      if (batch.results[place] === "pending") {
        batch.results[place] = "settled";
        this.#book.move(payment, "settled");
      }
    });
    const settled = batch.results.filter((result) => result === "settled").length;
    this.#spend(feeOf(gasOf(settled)));
    this.#step(batch, { state: settled === batch.payments.length ? "settled" : "partly_settled" });
  }

  #finish(batch: Batch): void {
    if (batch.minedAt !== null) {
      this.#step(batch, {
        finalAt: this.#clock.now(),
        state: batch.state === "settled" ? "final" : batch.state,
      });
      this.#events.changed("payments");
    }
  }

  #step(batch: Batch, step: Partial<Batch>): void {
    if (batch.state !== "failed") {
      Object.assign(batch, step);
      this.#events.changed("batches");
    }
  }

  #nextBlock(): number {
    this.#block += 7;
    return this.#block;
  }
}

/** A batch did not settle a payment. */
function leave(payment: Payment, batch: Batch, step: "returned" | "failed", reason: string): void {
  payment.tries = [...(payment.tries ?? []), { batch, step, at: payment.changedAt, reason }];
}
