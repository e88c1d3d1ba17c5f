import type { Clock } from "./clock";
import type { Events } from "./events";
import { paymentSeq } from "./payment-view";
import { mixed } from "./random";
import { type Endpoint, lengthOf, type Payment, type PaymentState, WINDOW } from "./records";
import { refuse } from "./refuse";
import { Sums } from "./sums";

/** How long the bytes take to begin and to end. */
const FIRST_BYTE = 150;
const LAST_BYTE = 700;

/** One payment in so many turns out not to settle. */
const DOOMED = 23;

/** The stall's payments, and the sums that follow every step of theirs. */
export class Book {
  readonly payments: Payment[] = [];
  readonly sums = new Sums();
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #events: Events;

  constructor(seed: number, clock: Clock, events: Events) {
    this.#seed = seed;
    this.#clock = clock;
    this.#events = events;
  }

  /** Enters a payment that is told of as it stands, as a scenario does with its past. */
  enter(payment: Omit<Payment, "seq">): Payment {
    const entered: Payment = { seq: this.payments.length + 1, ...payment };
    this.payments.push(entered);
    this.sums.count(entered, 1);
    if (entered.state === "queued") {
      this.#wait(entered);
    }
    return entered;
  }

  /** Somebody buys: the payment is stored, then its bytes leave. */
  accept(endpoint: Endpoint, payTo: string, window = WINDOW): Payment {
    const now = this.#clock.now();
    const doomed = mixed(this.#seed, this.payments.length, 7) % DOOMED === 0;
    const payment = this.enter({
      endpoint,
      amount: endpoint.price,
      createdAt: now,
      validBefore: Math.floor(now / 1000) + window,
      payTo,
      state: "queued",
      reason: null,
      doom: doomed ? "underfunded" : null,
      delivery: "waiting",
      bytesSent: 0,
      batch: null,
      changedAt: now,
    });
    this.#events.changed("payments");
    this.#clock.after(FIRST_BYTE, () => {
      payment.delivery = "streaming";
      payment.bytesSent = Math.floor(lengthOf(endpoint.content) / 3);
      this.#events.changed("deliveries");
    });
    this.#clock.after(LAST_BYTE, () => {
      payment.delivery = "delivered";
      payment.bytesSent = lengthOf(endpoint.content);
      this.#events.changed("deliveries");
    });
    return payment;
  }

  /** A payment steps into another state. */
  move(payment: Payment, state: PaymentState, reason: string | null = null): void {
    this.sums.count(payment, -1);
    payment.state = state;
    payment.reason = reason;
    payment.changedAt = this.#clock.now();
    this.sums.count(payment, 1);
    this.#events.changed("payments");
  }

  /** The payment of that id. */
  find(id: string): Payment {
    const payment = this.payments[paymentSeq(this.#seed, id) - 1];
    if (payment === undefined) {
      throw refuse("not_found", `There is no payment ${id.slice(0, 100)}.`);
    }
    return payment;
  }

  /** Those that wait, oldest first. */
  queued(): Payment[] {
    // Whatever waits is young: older ones have ended one way or another.
    const begin = this.payments.findIndex(({ state }) => state === "queued");
    return begin < 0 ? [] : this.payments.slice(begin).filter(({ state }) => state === "queued");
  }

  /** An authorization that nobody settled is worth nothing when its window has passed. */
  #wait(payment: Payment): void {
    this.#clock.after(payment.validBefore * 1000 - this.#clock.now(), () => {
      if (payment.state === "queued") {
        this.move(payment, "expired", "expired");
      }
    });
  }
}

/** When a payment is settled at the latest: a tenth of its life before it ends, half a minute to ten. */
export function settleBy(payment: Payment): number {
  const end = payment.validBefore * 1000;
  return end - Math.min(Math.max(Math.floor((end - payment.createdAt) / 10), 30_000), 600_000);
}
