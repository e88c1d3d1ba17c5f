import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { MoneySummary } from "../../api/generated/MoneySummary";
import { money } from "./money";
import type { Payment, PaymentState } from "./records";

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** Which states each of the three sums holds. They are never added together. */
export const GROUPS: Record<keyof MoneySummary, readonly PaymentState[]> = {
  settled: ["settled", "settled_elsewhere"],
  pending: ["queued", "settling"],
  attention: ["failed", "expired", "cancelled", "diverted"],
};

/** The payments of one endpoint that were accepted on one day and are in one state. */
interface Sum {
  endpoint: string;
  day: number;
  state: PaymentState;
  payments: number;
  amount: bigint;
}

/** Sums of payments by endpoint, day and state, kept with every step so that nothing is ever counted. */
export class Sums {
  readonly #sums = new Map<string, Sum>();

  /** A payment came into its state, or (with -1) left it. */
  count(payment: Payment, times: 1 | -1): void {
    const day = Math.floor(payment.createdAt / DAY);
    const key = `${payment.endpoint.id} ${day} ${payment.state}`;
    let sum = this.#sums.get(key);
    if (sum === undefined) {
      sum = { endpoint: payment.endpoint.id, day, state: payment.state, payments: 0, amount: 0n };
      this.#sums.set(key, sum);
    }
    sum.payments += times;
    sum.amount += BigInt(times) * payment.amount;
  }

  /** How many payments fit, and what they come to. */
  of(fits: (sum: Readonly<Sum>) => boolean): { payments: number; amount: bigint } {
    const total = { payments: 0, amount: 0n };
    for (const sum of this.#sums.values()) {
      if (fits(sum)) {
        total.payments += sum.payments;
        total.amount += sum.amount;
      }
    }
    return total;
  }

  /** The three sums of what fits. */
  summary(fits: (sum: Readonly<Sum>) => boolean): MoneySummary {
    const group = (name: keyof MoneySummary) =>
      counted(this.of((sum) => GROUPS[name].includes(sum.state) && fits(sum)));
    return { settled: group("settled"), pending: group("pending"), attention: group("attention") };
  }
}

/** A sum as every screen gets it. */
export function counted({ payments, amount }: { payments: number; amount: bigint }): MoneyCount {
  return { payments, ...money(amount) };
}
