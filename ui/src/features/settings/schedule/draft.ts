import type { ScheduleSet } from "../../../api/generated/ScheduleSet";
import type { ScheduleView } from "../../../api/generated/ScheduleView";
import { parseAmount } from "../../../lib/money";
import { minutesOf, readSpan, type Span, writeSpan } from "../../../lib/span";
import { asTyped } from "../typed";

/** The days of a week as the app names them. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** A price of gas in gwei has this many decimal places. */
const GWEI_DECIMALS = 9;

const LONGEST = 7 * 1440;

/** A schedule as it is filled in. What is switched off keeps what was typed. */
export interface Draft {
  every: { on: boolean } & Span;
  daily: { on: boolean; at: string };
  weekly: { on: boolean; days: readonly Day[]; at: string };
  zone: string;
  amount: { on: boolean; text: string };
  count: { on: boolean; text: string };
  ceiling: { on: boolean; text: string };
  wait: boolean;
}

/** What of it can be wrong, in the order of the form. */
const FIELDS = ["every", "daily", "weekly", "amount", "count", "ceiling"] as const;
export type DraftField = (typeof FIELDS)[number];

/** A schedule to begin with, as it is now. */
export function draftOf(view: ScheduleView): Draft {
  const [at, ...days] = (view.weekly ?? "18:00").split(",").reverse();
  return {
    every: { on: view.every !== null, ...(readSpan(view.every ?? "") ?? { count: "6", unit: "h" }) },
    daily: { on: view.daily !== null, at: view.daily ?? "18:00" },
    weekly: {
      on: view.weekly !== null,
      days: view.weekly === null ? ["mon"] : DAYS.filter((day) => days.includes(day)),
      at: at ?? "18:00",
    },
    zone: view.zone,
    amount: { on: view.atAmount !== null, text: asTyped(view.atAmount?.formatted ?? "20") },
    count: { on: view.atCount !== null, text: String(view.atCount ?? 100) },
    ceiling: {
      on: view.gasCeiling !== null,
      text: view.gasCeiling === null ? "" : asTyped(view.gasCeiling.gwei),
    },
    wait: view.gasCeiling === null || view.waitForGas,
  };
}

/** The request that brings a schedule back as it is shown. */
export function requestOf(view: ScheduleView): ScheduleSet {
  return {
    network: view.network,
    zone: view.zone,
    ...(view.every !== null && { every: view.every }),
    ...(view.daily !== null && { daily: view.daily }),
    ...(view.weekly !== null && { weekly: view.weekly }),
    ...(view.atAmount !== null && { atAmount: view.atAmount.formatted }),
    ...(view.atCount !== null && { atCount: view.atCount }),
    ...(view.gasCeiling !== null && { gasCeiling: view.gasCeiling.gwei, waitForGas: view.waitForGas }),
  };
}

/** Whether a draft settles by itself at all, beyond the deadlines. */
export function isManual({ every, daily, weekly, amount, count }: Draft): boolean {
  return ![every, daily, weekly, amount, count].some(({ on }) => on);
}

/** What was filled in as a request, or which fields are wrong. */
export function read(
  draft: Draft,
  network: string,
  decimals: number,
): { request: ScheduleSet; wrong: readonly DraftField[] } {
  const { every, daily, weekly, amount, count, ceiling, wait, zone } = draft;
  const minutes = minutesOf(every);
  const dailyAt = timeOfDay(daily.at);
  const weeklyAt = timeOfDay(weekly.at);
  const much = parseAmount(amount.text, decimals).value;
  const many = /^\s*[1-9]\d{0,8}\s*$/.test(count.text) ? Number(count.text) : null;
  const gwei = parseAmount(ceiling.text, GWEI_DECIMALS).value;
  const isHeld = ceiling.on && !isManual(draft);
  const fits: Record<DraftField, boolean> = {
    every: !every.on || (minutes !== null && minutes <= LONGEST),
    daily: !daily.on || dailyAt !== null,
    weekly: !weekly.on || (weeklyAt !== null && weekly.days.length > 0),
    amount: !amount.on || much !== null,
    count: !count.on || many !== null,
    ceiling: !isHeld || gwei !== null,
  };
  return {
    wrong: FIELDS.filter((field) => !fits[field]),
    request: {
      network,
      zone,
      ...(every.on && { every: writeSpan(every) }),
      ...(daily.on && dailyAt !== null && { daily: dailyAt }),
      ...(weekly.on && weeklyAt !== null && { weekly: [...weekly.days, weeklyAt].join(",") }),
      ...(amount.on && much !== null && { atAmount: much }),
      ...(count.on && many !== null && { atCount: many }),
      ...(isHeld && gwei !== null && { gasCeiling: gwei, waitForGas: wait }),
    },
  };
}

/** A time of day as the app writes it, from `9:30`, `09.30` or `18:00`; null for anything else. */
export function timeOfDay(text: string): string | null {
  const [, hours, minutes] = /^\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*$/.exec(text) ?? [];
  return hours === undefined ? null : `${hours.padStart(2, "0")}:${minutes}`;
}
