import type { GasPriceView } from "../../api/generated/GasPriceView";
import type { NextSettlementView } from "../../api/generated/NextSettlementView";
import type { ScheduleSet } from "../../api/generated/ScheduleSet";
import type { ScheduleView } from "../../api/generated/ScheduleView";
import type { Book } from "./book";
import { settleBy } from "./book";
import type { Clock } from "./clock";
import type { Events } from "./events";
import { COIN, coin, decimal, money, price } from "./money";
import { NETWORK, type Payment, WINDOW } from "./records";
import { refuse } from "./refuse";
import { feeOf, GAS_EACH, GAS_PRICE } from "./settling";
import { counted, DAY } from "./sums";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7;
const DAY_NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const UNITS: Record<string, number> = { m: MINUTE, h: HOUR, d: DAY };

/** What a window holds beyond the longest gap, and how much more when runs wait for cheaper gas. */
const MARGIN = 30 * MINUTE;
const GAS_MARGIN = DAY;

/** The longest window that is asked of a buyer. */
const LONGEST_WINDOW = 8 * DAY;

/** A time of day on some days of the week, 0 for Sunday. */
interface Daily {
  at: number;
  days: number[];
}

/** When the queue is settled by itself. Times of day are UTC here, whatever zone is named. */
export class Schedule {
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #book: Book;
  readonly #settle: () => void;
  #chosen: ScheduleSet = {};
  #since: number;
  #ranAt: number | null = null;

  constructor(book: Book, clock: Clock, events: Events, settle: () => void) {
    this.#book = book;
    this.#clock = clock;
    this.#events = events;
    this.#settle = settle;
    this.#since = clock.now();
  }

  /** How many seconds buyers sign for. */
  window(chosen = this.#chosen): number {
    const gap = longestGap(chosen);
    if (gap === null) {
      return WINDOW;
    }
    return Math.min(gap + MARGIN + (chosen.waitForGas ? GAS_MARGIN : 0), LONGEST_WINDOW) / 1000;
  }

  /** Chooses, or says what a choice would mean. */
  set({ check = false, ...chosen }: ScheduleSet): ScheduleView {
    mustFit(chosen);
    const now = this.#clock.now();
    const run = nextRun(chosen, now);
    const deadline = this.#deadline();
    if (run !== null && deadline !== null && run > deadline) {
      const left = Math.max(1, Math.floor((deadline - now) / MINUTE));
      throw refuse(
        "conflict",
        `What waits has to be settled within ${left} minutes, by ${moment(deadline)}; this schedule would first settle at ${moment(run)}. Settle it first, or choose at most ${left} minutes.`,
      );
    }
    if (check) {
      return this.view(chosen, now, false);
    }
    this.#chosen = chosen;
    this.#since = now;
    this.#wait();
    this.#events.changed("settings", "endpoints");
    return this.view();
  }

  /** Somebody bought: as much or as many may wait as was said. */
  sold(): void {
    const { payments, amount } = this.#waiting();
    const { atAmount, atCount } = this.#chosen;
    if ((atCount && payments >= atCount) || (atAmount && amount >= price(atAmount))) {
      this.#settle();
    }
  }

  view(chosen = this.#chosen, since = this.#since, applied = true): ScheduleView {
    const deadline = this.#deadline();
    const ceiling = chosen.gasCeiling === undefined ? null : toWei(chosen.gasCeiling);
    const tooDear = ceiling !== null && GAS_PRICE > ceiling;
    return {
      network: NETWORK,
      title: "Base Sepolia",
      applied,
      sentence: inWords(chosen),
      manual: isManual(chosen),
      every: chosen.every ?? null,
      daily: chosen.daily ?? null,
      weekly: chosen.weekly ?? null,
      zone: chosen.zone ?? "UTC",
      atAmount: chosen.atAmount === undefined ? null : money(price(chosen.atAmount)),
      atCount: chosen.atCount ?? null,
      gasCeiling: ceiling === null ? null : gasPrice(ceiling),
      waitForGas: chosen.waitForGas ?? false,
      windowSeconds: this.window(chosen),
      waiting: counted(this.#waiting()),
      next: next(nextRun(chosen, since), deadline),
      lastRun: this.#ranAt,
      safeUntil: deadline,
      gasNow: gasPrice(GAS_PRICE),
      gasTooDear: tooDear,
      costEach: coin(feeOf(GAS_EACH)),
      nativeSymbol: COIN,
      minimumPrice: null,
      warnings: tooDear
        ? [
            {
              code: "gas_too_dear",
              sentence: "Gas costs more than your ceiling now; what waits goes on waiting.",
            },
          ]
        : [],
      changes: [],
    };
  }

  /** Runs when it is time, as long as nothing else is chosen meanwhile. */
  #wait(): void {
    const [chosen, run] = [this.#chosen, nextRun(this.#chosen, this.#since)];
    if (run === null) {
      return;
    }
    this.#clock.after(run - this.#clock.now(), () => {
      if (this.#chosen !== chosen) {
        return;
      }
      this.#since = this.#clock.now();
      if (!this.view().gasTooDear) {
        this.#ranAt = this.#since;
        this.#settle();
      }
      this.#events.changed("batches");
      this.#wait();
    });
  }

  #waiting(): { payments: number; amount: bigint } {
    const queued = this.#book.queued();
    return { payments: queued.length, amount: queued.reduce((sum, { amount }) => sum + amount, 0n) };
  }

  #deadline(): number | null {
    const deadlines = this.#book.queued().map((payment: Payment) => settleBy(payment));
    return deadlines.length === 0 ? null : deadlines.reduce((one, other) => Math.min(one, other));
  }
}

function isManual({ every, daily, weekly, atAmount, atCount }: ScheduleSet): boolean {
  return [every, daily, weekly, atAmount, atCount].every((choice) => choice === undefined);
}

function mustFit(chosen: ScheduleSet): void {
  if (chosen.every !== undefined && !isWithinAWeek(interval(chosen.every))) {
    throw refuse(
      "invalid_request",
      `"${chosen.every}" is not a distance between runs; write minutes, hours or days such as 15m, 2h or 1d, at most 7d.`,
    );
  }
  times(chosen);
  if (chosen.atAmount !== undefined) {
    price(chosen.atAmount);
  }
  if (chosen.atCount === 0) {
    throw refuse("invalid_request", "The number of payments to settle at must be at least 1.");
  }
  if (chosen.waitForGas && chosen.gasCeiling === undefined) {
    throw refuse("invalid_request", "Waiting for cheaper gas needs a ceiling to wait for.");
  }
  if (chosen.gasCeiling !== undefined && isManual(chosen)) {
    throw refuse(
      "invalid_request",
      "A ceiling on gas needs something that settles by itself: a time, an amount or a count.",
    );
  }
}

function isWithinAWeek(ms: number): boolean {
  return ms > 0 && ms <= WEEK * DAY;
}

function interval(text: string): number {
  const [, number = "", unit = ""] = /^(\d+)([mhd])$/.exec(text.trim()) ?? [];
  return Number(number) * (UNITS[unit] ?? 0);
}

/** The times of day that were chosen. */
function times({ daily, weekly }: ScheduleSet): Daily[] {
  const found: Daily[] = [];
  if (daily !== undefined) {
    found.push({ at: timeOfDay(daily), days: DAY_NAMES.map((_, day) => day) });
  }
  if (weekly !== undefined) {
    const names = weekly.split(",").map((part) => part.trim().toLowerCase());
    const at = timeOfDay(names.pop() ?? "");
    const days = names.map((name) => DAY_NAMES.indexOf(name));
    if (days.length === 0 || days.includes(-1)) {
      throw refuse("invalid_request", `"${weekly}" is not a time of the week; write it such as mon,18:00.`);
    }
    found.push({ at, days });
  }
  return found;
}

function timeOfDay(text: string): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hours === undefined) {
    throw refuse("invalid_request", `"${text}" is not a time of day; write hours and minutes such as 18:00.`);
  }
  return Number(hours) * HOUR + Number(minutes) * MINUTE;
}

function nextRun(chosen: ScheduleSet, since: number): number | null {
  const runs = chosen.every === undefined ? [] : [since + interval(chosen.every)];
  const midnight = Math.floor(since / DAY) * DAY;
  for (const { at, days } of times(chosen)) {
    for (let day = 0; day <= WEEK; day += 1) {
      const run = midnight + day * DAY + at;
      if (run > since && days.includes(new Date(run).getUTCDay())) {
        runs.push(run);
      }
    }
  }
  return runs.length === 0 ? null : Math.min(...runs);
}

function longestGap(chosen: ScheduleSet): number | null {
  const gaps = chosen.every === undefined ? [] : [interval(chosen.every)];
  for (const { days } of times(chosen)) {
    const sorted = [...new Set(days)].sort((one, other) => one - other);
    const between = sorted.map((day, place) => (sorted[place + 1] ?? (sorted[0] ?? 0) + WEEK) - day);
    gaps.push(Math.max(...between) * DAY + HOUR);
  }
  return gaps.length === 0 ? null : Math.min(...gaps);
}

function next(run: number | null, deadline: number | null): NextSettlementView | null {
  if (deadline !== null && (run === null || deadline <= run)) {
    return {
      at: deadline,
      because: "deadline",
      sentence: `At ${moment(deadline)}, because a payment's permission is about to end.`,
    };
  }
  return run === null
    ? null
    : { at: run, because: "schedule", sentence: `At ${moment(run)}, by your schedule.` };
}

function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} (UTC)`;
}

function toWei(gwei: string): bigint {
  const [whole = "0", fraction = ""] = gwei.split(".");
  return BigInt(whole + fraction.slice(0, 9).padEnd(9, "0"));
}

function gasPrice(wei: bigint): GasPriceView {
  const digits = wei.toString().padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return {
    wei: wei.toString(),
    gwei: fraction === "" ? digits.slice(0, -9) : `${digits.slice(0, -9)}.${fraction}`,
  };
}

function inWords(chosen: ScheduleSet): string {
  const when = [
    chosen.every && `every ${chosen.every}`,
    chosen.daily && `every day at ${chosen.daily} (${chosen.zone ?? "UTC"})`,
    chosen.weekly && `every week at ${chosen.weekly} (${chosen.zone ?? "UTC"})`,
    chosen.atAmount && `when ${decimal(price(chosen.atAmount))} USDC wait`,
    chosen.atCount && `when ${chosen.atCount} payments wait`,
  ].filter(Boolean);
  return when.length === 0
    ? "Settled when you say so, and before the first payment's permission ends."
    : `Settled ${when.join(", or ")}, and before the first payment's permission ends.`;
}
