import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { RevenueDay } from "../../api/generated/RevenueDay";
import { fromAtomic } from "../../lib/money";

/** Cents of an example's week, settled; the last day still waits. */
const WEEK = [40n, 65n, 30n, 85n, 110n, 75n, 95n];

/** The same days with sales as they might be, for a stall that has none yet. */
export function exampleDays(days: readonly RevenueDay[]): RevenueDay[] {
  return days.map((day, place) => {
    const cents = (WEEK[place % WEEK.length] ?? 0n) + BigInt(place);
    const waiting = place === days.length - 1 ? cents : place === days.length - 2 ? cents / 3n : 0n;
    return { ...day, settled: sum(day.settled, cents - waiting), pending: sum(day.pending, waiting) };
  });
}

function sum({ decimals }: MoneyCount, cents: bigint): MoneyCount {
  const amount = cents * 10n ** BigInt(Math.max(0, decimals - 2));
  return {
    payments: Number(cents / 5n),
    amount: amount.toString(),
    decimals,
    formatted: fromAtomic(amount, decimals),
  };
}
