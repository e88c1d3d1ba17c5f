import type { BestSeller } from "../../api/generated/BestSeller";
import type { MoneySummary } from "../../api/generated/MoneySummary";
import type { MoneyView } from "../../api/generated/MoneyView";
import type { RevenueQuery } from "../../api/generated/RevenueQuery";
import type { RevenueView } from "../../api/generated/RevenueView";
import type { SignedMoneyView } from "../../api/generated/SignedMoneyView";
import { COIN, coin, DECIMALS, decimal, money } from "./money";
import type { Endpoint } from "./records";
import { refuse } from "./refuse";
import { feeOf, gasOf } from "./settling";
import type { Stall } from "./stall";
import { counted, DAY, GROUPS, HOUR } from "./sums";
import { showFunnel } from "./traffic";

const MOST_DAYS = { hour: 7, day: 366, month: 3660 };
const BY_DAY_UP_TO = 92;
const MONTHS = 12;
const BEST = 5;
/** What a coin is worth here, in dollars. */
const COIN_WORTH = 3000n;

type By = keyof typeof MOST_DAYS;

interface Span {
  by: By;
  /** Days since 1970, both included. */
  first: number;
  last: number;
}

/** What came in, without a gap, oldest first, and what came in the time before. */
export function revenue(stall: Stall, query: RevenueQuery): RevenueView {
  const now = stall.clock.now();
  const today = Math.floor(now / DAY);
  const span = spanOf(query, today);
  const before = beforeOf(span);
  const earlier = sumsOf(stall, before);
  const items = sumsOf(stall, span).map(([day, summary], place) => ({
    day,
    ...summary,
    before: earlier[place]?.[1].settled ?? counted({ payments: 0, amount: 0n }),
  }));
  const total = together(items);
  const isToday = span.by === "hour" && span.last === today;
  const soFar = isToday ? earlier.slice(0, (Math.floor(now / HOUR) % 24) + 1) : earlier;
  const summary = together(soFar.map(([, sums]) => sums));
  return {
    from: dayName(span.first),
    to: dayName(span.last),
    by: span.by,
    items,
    total,
    before: {
      from: dayName(before.first),
      to: dayName(before.last),
      soFar: isToday,
      ...summary,
      more: signed(BigInt(total.settled.amount) - BigInt(summary.settled.amount)),
    },
    fees: fees(stall, span),
    best: best(stall, span),
    visits: showFunnel(stall, { days: Math.min(366, today - span.first + 1) }),
    zone: "UTC",
  };
}

function spanOf({ days, from, to, by: wanted }: RevenueQuery, today: number): Span {
  const last = to === undefined ? today : dayOf(to);
  const first =
    days !== undefined ? last - days + 1 : from !== undefined ? dayOf(from) : monthStart(last, MONTHS - 1);
  const count = last - first + 1;
  const usual = count <= 1 ? "hour" : count <= BY_DAY_UP_TO || days !== undefined ? "day" : "month";
  const by = (["hour", "day", "month"] as const).find((one) => one === wanted) ?? usual;
  if (!Number.isInteger(count) || count < 1 || count > MOST_DAYS[by]) {
    throw refuse("invalid_request", `Revenue by ${by} is listed for 1 to ${MOST_DAYS[by]} days.`);
  }
  return { by, first, last };
}

function beforeOf({ by, first, last }: Span): Span {
  const end = first - 1;
  const isMonths = by === "month" && new Date(first * DAY).getUTCDate() === 1;
  const start = isMonths ? monthStart(end, monthsOf({ by, first, last }).length - 1) : end - (last - first);
  return { by, first: start, last: end };
}

function sumsOf({ book: { sums } }: Stall, span: Span): [string, MoneySummary][] {
  const days = Array.from({ length: span.last - span.first + 1 }, (_, place) => span.first + place);
  switch (span.by) {
    case "hour":
      return days.flatMap((day) =>
        Array.from({ length: 24 }, (_, hour): [string, MoneySummary] => [
          `${dayName(day)}T${String(hour).padStart(2, "0")}`,
          sums.summary({ hour: day * 24 + hour }),
        ]),
      );
    case "day":
      return days.map((day) => [dayName(day), sums.summary({ day })]);
    case "month":
      return monthsOf(span).map((month) => [
        month,
        together(days.filter((day) => dayName(day).startsWith(month)).map((day) => sums.summary({ day }))),
      ]);
  }
}

function monthsOf({ first, last }: Span): string[] {
  const names = new Set<string>();
  for (let day = first; day <= last; day += 1) {
    names.add(dayName(day).slice(0, 7));
  }
  return [...names];
}

function together(all: readonly MoneySummary[]): MoneySummary {
  const sum = (name: keyof MoneySummary) =>
    counted({
      payments: all.reduce((most, one) => most + one[name].payments, 0),
      amount: all.reduce((most, one) => most + BigInt(one[name].amount), 0n),
    });
  return { settled: sum("settled"), pending: sum("pending"), attention: sum("attention") };
}

function fees({ settler }: Stall, { first, last }: Span): RevenueView["fees"] {
  const wei = settler.batches
    .filter(({ minedAt }) => minedAt !== null && minedAt >= first * DAY && minedAt < (last + 1) * DAY)
    .reduce((sum, { payments }) => sum + feeOf(gasOf(payments.length)), 0n);
  return {
    value: money((wei * COIN_WORTH) / 10n ** 12n),
    coins: wei === 0n ? [] : [{ wei: wei.toString(), formatted: coin(wei), coin: COIN }],
    unpriced: [],
  };
}

function best({ book }: Stall, { first, last }: Span): BestSeller[] {
  const found = new Map<string, { title: string; sales: number; settled: bigint }>();
  for (const { createdAt, endpoint, state, amount } of book.payments) {
    if (createdAt >= first * DAY && createdAt < (last + 1) * DAY && state !== "voided") {
      const one = found.get(endpoint.id) ?? { title: endpoint.title, sales: 0, settled: 0n };
      one.sales += 1;
      one.settled += GROUPS.settled.includes(state) ? amount : 0n;
      found.set(endpoint.id, one);
    }
  }
  return [...found]
    .sort(([, one], [, other]) => other.sales - one.sales)
    .slice(0, BEST)
    .map(([endpointId, { title, sales, settled }]) => ({
      endpointId,
      title,
      sales,
      settled: money(settled),
    }));
}

/** An amount that may be below zero. */
export function signed(amount: bigint): SignedMoneyView {
  const formatted = decimal(amount < 0n ? -amount : amount);
  return {
    amount: amount.toString(),
    decimals: DECIMALS,
    formatted: amount < 0n ? `-${formatted}` : formatted,
  };
}

function dayOf(text: string): number {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY);
}

function dayName(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function monthStart(day: number, monthsBefore: number): number {
  const date = new Date(day * DAY);
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBefore, 1) / DAY);
}

/** What of an endpoint was settled in the last days, today included. */
export function settledLately({ book, clock }: Stall, endpoint: Endpoint, days: number): MoneyView {
  const from = (Math.floor(clock.now() / DAY) - days + 1) * DAY;
  const settled = book.payments.filter(
    (payment) =>
      payment.endpoint === endpoint && payment.createdAt >= from && GROUPS.settled.includes(payment.state),
  );
  return money(settled.reduce((sum, { amount }) => sum + amount, 0n));
}
