import type { PreviewView } from "../../api/generated/PreviewView";
import type { Settle } from "../../api/generated/Settle";
import type { SettleView } from "../../api/generated/SettleView";
import type { UnsettledView } from "../../api/generated/UnsettledView";
import { batchView } from "./batch-view";
import { settleBy } from "./book";
import { COIN, coin, DECIMALS, decimal, money } from "./money";
import { paymentId, sentence } from "./payment-view";
import { type Batch, NETWORK, type Payment } from "./records";
import { refuse } from "./refuse";
import { BATCH_LIMIT, feeOf, gasOf } from "./settling";
import type { Stall } from "./stall";

/** How often a request that waits looks again. */
const LOOK = 100;

/** What settling now would do. */
export function preview(stall: Stall): PreviewView {
  mustReachNode(stall);
  const queued = stall.book.queued();
  const good = queued.filter(({ doom }) => doom === null);
  const total = good.reduce((sum, { amount }) => sum + amount, 0n);
  const gas = gasOf(good.length);
  const deadlines = queued.map(settleBy);
  const hindrance = stall.hindrance();
  const whole = {
    count: good.length,
    total: total.toString(),
    decimals: DECIMALS,
    formatted: decimal(total),
    batches: Math.ceil(good.length / BATCH_LIMIT),
    nextDeadline: deadlines.length === 0 ? null : deadlines.reduce((one, other) => Math.min(one, other)),
    hindered: hindrance === null || good.length === 0 ? [] : [hindrance],
    exclusions: queued
      .filter(({ doom }) => doom !== null)
      .map(({ seq, amount, doom }) => ({
        payment: paymentId(stall.seed, seq),
        ...money(amount),
        reason: doom ?? "",
        reasonSentence: sentence(doom ?? ""),
      })),
  };
  const network = {
    ...whole,
    network: NETWORK,
    title: "Base Sepolia",
    gas,
    fee: feeOf(gas).toString(),
    feeFormatted: coin(feeOf(gas)),
    nativeSymbol: COIN,
    payTo: stall.payTo,
  };
  return { ...whole, networks: [network] };
}

/** Settles what waits, and answers at once or when everything has ended. */
export async function settle(
  stall: Stall,
  { key, wait = false, payments = [] }: Settle,
): Promise<SettleView> {
  mustReachNode(stall);
  const hindrance = stall.hindrance();
  if (hindrance !== null) {
    return {
      items: [],
      settled: 0,
      left: stall.book.queued().length,
      complete: false,
      hindered: [hindrance],
      unsettled: [],
    };
  }
  const batches = stall.settler.settle(key ?? null, named(stall, payments));
  if (wait) {
    await over(stall, batches);
  }
  const taken = batches.flatMap((batch) => batch.payments);
  const settled = taken.filter(({ state }) => state === "settled").length;
  const wallet = stall.gasWallet().address;
  return {
    items: batches.map((batch) => batchView(stall.seed, wallet, batch)),
    settled,
    left: stall.book.queued().length,
    complete: settled === taken.length,
    hindered: [],
    unsettled: unsettled(taken),
  };
}

/** What cannot be settled, by why: that is known before anything is sent. */
function unsettled(taken: readonly Payment[]): UnsettledView[] {
  const reasons = [...new Set(taken.flatMap(({ doom }) => (doom === null ? [] : [doom])))];
  return reasons.map((reason) => {
    const left = taken.filter(({ doom }) => doom === reason);
    return {
      network: NETWORK,
      networkTitle: "Base Sepolia",
      reason,
      sentence: sentence(reason),
      again: false,
      payments: left.length,
      ...money(left.reduce((sum, { amount }) => sum + amount, 0n)),
    };
  });
}

/** The payments that are to be settled; null for everything that waits. */
function named(stall: Stall, ids: readonly string[]): readonly Payment[] | null {
  if (ids.length === 0) {
    return null;
  }
  const payments = ids.map((id) => stall.book.find(id));
  if (!payments.some(({ state }) => state === "queued" || state === "settling")) {
    throw refuse("conflict", "None of these payments waits to be settled.");
  }
  return payments;
}

function over(stall: Stall, batches: readonly Batch[]): Promise<void> {
  return new Promise((end) => {
    const look = () => (stall.settler.isOver(batches) ? end() : stall.clock.after(LOOK, look));
    look();
  });
}

function mustReachNode(stall: Stall): void {
  if (stall.isNodeAway) {
    throw refuse("unavailable", stall.offlineReason() ?? "");
  }
}
