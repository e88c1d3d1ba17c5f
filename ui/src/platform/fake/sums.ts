import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { MoneySummary } from "../../api/generated/MoneySummary";
import { money } from "./money";
import type { Payment, PaymentState } from "./records";

/** Milliseconds of a day. */
export const DAY = 86_400_000;
/** Of an hour. */
export const HOUR = 3_600_000;

/** Which states each of the three sums holds. They are never added together. */
export const GROUPS: Record<keyof MoneySummary, readonly PaymentState[]> = {
  settled: ["settled", "settled_elsewhere"],
  pending: ["queued", "settling"],
  attention: ["failed", "expired", "cancelled", "diverted"],
};

/** Some payments and what they come to. */
interface Sum {
  payments: number;
  amount: bigint;
}

/** Sums by state. */
type Tally = Map<PaymentState, Sum>;

/** Of which payments: all, those of one endpoint (by its id), or those accepted on one day or in one hour. */
type Of = "all" | { endpoint: string } | { day: number } | { hour: number };

/** Sums of payments, kept with every step of every payment, so that nothing is ever counted. */
export class Sums {
  readonly #all: Tally = new Map();
  readonly #endpoints = new Map<string, Tally>();
  readonly #days = new Map<number, Tally>();
  readonly #hours = new Map<number, Tally>();

  /** A payment came into its state, or (with -1) left it. */
  count(payment: Payment, times: 1 | -1): void {
    const day = Math.floor(payment.createdAt / DAY);
    const hour = Math.floor(payment.createdAt / HOUR);
    const tallies = [
      this.#all,
      within(this.#endpoints, payment.endpoint.id),
      within(this.#days, day),
      within(this.#hours, hour),
    ];
    for (const tally of tallies) {
      const sum = tally.get(payment.state) ?? { payments: 0, amount: 0n };
      sum.payments += times;
      sum.amount += BigInt(times) * payment.amount;
      tally.set(payment.state, sum);
    }
  }

  /** The payments in some of the states, or in any. */
  total(of: Of, isWanted: (state: PaymentState) => boolean = () => true): Sum {
    const total = { payments: 0, amount: 0n };
    for (const [state, sum] of this.#tally(of) ?? []) {
      if (isWanted(state)) {
        total.payments += sum.payments;
        total.amount += sum.amount;
      }
    }
    return total;
  }

  /** The three sums of the payments in some of the states, or in any. */
  summary(of: Of, isWanted: (state: PaymentState) => boolean = () => true): MoneySummary {
    const group = (name: keyof MoneySummary) =>
      counted(this.total(of, (state) => GROUPS[name].includes(state) && isWanted(state)));
    return { settled: group("settled"), pending: group("pending"), attention: group("attention") };
  }

  #tally(of: Of): Tally | undefined {
    if (of === "all") {
      return this.#all;
    }
    if ("endpoint" in of) {
      return this.#endpoints.get(of.endpoint);
    }
    return "day" in of ? this.#days.get(of.day) : this.#hours.get(of.hour);
  }
}

/** A sum as every screen gets it. */
export function counted({ payments, amount }: Sum): MoneyCount {
  return { payments, ...money(amount) };
}

function within<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  const tally = tallies.get(key) ?? new Map();
  tallies.set(key, tally);
  return tally;
}
