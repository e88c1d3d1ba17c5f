import type { CoinView } from "../../api/generated/CoinView";
import type { DoctorView } from "../../api/generated/DoctorView";
import type { Export } from "../../api/generated/Export";
import type { Exported } from "../../api/generated/Exported";
import type { ReconciliationList } from "../../api/generated/ReconciliationList";
import type { RefundList } from "../../api/generated/RefundList";
import type { RefundPlan } from "../../api/generated/RefundPlan";
import type { RefundPrepare } from "../../api/generated/RefundPrepare";
import type { RefundQuery } from "../../api/generated/RefundQuery";
import type { RefundRecord } from "../../api/generated/RefundRecord";
import type { RefundView } from "../../api/generated/RefundView";
import type { ReportLine } from "../../api/generated/ReportLine";
import type { ReportQuery } from "../../api/generated/ReportQuery";
import type { ReportView } from "../../api/generated/ReportView";
import { transferLink } from "./failures";
import { COIN, coin, money, price } from "./money";
import { payer, paymentId } from "./payment-view";
import { NETWORK, type Payment, USDC } from "./records";
import { refuse } from "./refuse";
import { feeOf, gasOf } from "./settling";
import type { Stall } from "./stall";
import { counted, DAY, GROUPS } from "./sums";

const USUAL_DAYS = 28;
const MOST_PAYERS = 200;
const ETHER = 10n ** 18n;

/** What came to the payout address by other means. */
export interface Stray {
  readonly from: string;
  readonly amount: bigint;
  readonly transaction: string;
  readonly block: number;
}

/** A payment that was given back, or a part of it. */
export interface Refund {
  readonly id: number;
  readonly payment: Payment;
  readonly amount: bigint;
  readonly transaction: string;
  readonly note: string | null;
  readonly at: number;
}

interface Line {
  payments: number;
  gross: bigint;
  cost: bigint;
  /** Of the cost, what was spent on payments that were not settled by it. */
  lost: bigint;
  /** In millionths of a dollar, of what has a known worth. */
  value: bigint;
  unpriced: bigint;
  refunds: number;
  refunded: bigint;
}

/** The books of some days. */
export function report(stall: Stall, { from, to, by = "day" }: ReportQuery): ReportView {
  const last = to === undefined ? Math.floor(stall.clock.now() / DAY) : dayOf(to);
  const first = from === undefined ? last - USUAL_DAYS + 1 : dayOf(from);
  if (first > last) {
    throw refuse("invalid_request", "The first day of a report comes before the last.");
  }
  const isWanted = (at: number) => Math.floor(at / DAY) >= first && Math.floor(at / DAY) <= last;
  const keys: Record<string, (payment: Payment, at: number) => string> = {
    day: (_, at) => dayName(at),
    endpoint: ({ endpoint }) => endpoint.path,
    payer: ({ seq }) => payer(stall.seed, seq),
    network: () => NETWORK,
  };
  const keyOf = keys[by];
  if (keyOf === undefined) {
    throw refuse("invalid_request", `A report is by day, endpoint, payer or network, not by ${by}.`);
  }
  const lines = new Map<string, Line>();
  const all = empty();
  const add = (payment: Payment, at: number, change: (line: Line) => void) => {
    if (isWanted(at)) {
      const key = keyOf(payment, at);
      const line = lines.get(key) ?? empty();
      lines.set(key, line);
      change(line);
      change(all);
    }
  };
  for (const payment of stall.book.payments) {
    if (GROUPS.settled.includes(payment.state)) {
      const cost = costOf(stall, payment);
      add(payment, payment.changedAt, (line) => {
        line.payments += 1;
        line.gross += payment.amount;
        line.cost += cost.wei;
        line.lost += payment.state === "settled_elsewhere" ? cost.wei : 0n;
        line.value += cost.value ?? 0n;
        line.unpriced += cost.value === null ? cost.wei : 0n;
      });
    }
  }
  for (const refund of stall.refunds) {
    add(refund.payment, refund.at, (line) => {
      line.refunds += 1;
      line.refunded += refund.amount;
    });
  }
  const items = Array.from(lines, ([key, line]) => lineView(key, line));
  items.sort((one, other) => {
    if (by === "day") {
      return one.key < other.key ? -1 : 1;
    }
    return Number(BigInt(other.gross.amount) - BigInt(one.gross.amount));
  });
  const titles = new Map(stall.shelf.endpoints.map(({ path, title }) => [path, title]));
  return {
    from: dayName(first * DAY),
    to: dayName(last * DAY),
    zone: "UTC",
    by,
    test: stall.environment !== "live",
    items: items.slice(0, by === "payer" ? MOST_PAYERS : items.length).map((item) => ({
      ...item,
      title: titles.get(item.key) ?? null,
    })),
    totals: all.payments + all.refunds === 0 ? [] : [lineView(NETWORK, all)],
  };
}

function empty(): Line {
  return { payments: 0, gross: 0n, cost: 0n, lost: 0n, value: 0n, unpriced: 0n, refunds: 0, refunded: 0n };
}

function lineView(key: string, line: Line): ReportLine {
  const net = line.gross - line.refunded - line.value;
  const sign = net < 0n ? "-" : "";
  const shown = money(net < 0n ? -net : net);
  return {
    key,
    title: null,
    network: NETWORK,
    payments: line.payments,
    gross: money(line.gross),
    cost: coins(line.cost),
    lost: coins(line.lost),
    costValue: money(line.value),
    unpriced: coins(line.unpriced),
    refunds: line.refunds,
    refunded: money(line.refunded),
    net:
      line.unpriced === 0n || line.unpriced < line.cost
        ? { ...shown, amount: `${sign}${shown.amount}`, formatted: `${sign}${shown.formatted}` }
        : null,
  };
}

function coins(wei: bigint): CoinView {
  return { wei: wei.toString(), formatted: coin(wei), coin: COIN };
}

/** A payment's share of what its transaction cost, and the worth it had then. */
function costOf(stall: Stall, { batch, changedAt }: Payment): { wei: bigint; value: bigint | null } {
  const tried = batch?.results.filter((result) => result !== "excluded").length ?? 0;
  const wei = tried === 0 ? 0n : feeOf(gasOf(tried)) / BigInt(tried);
  const price = stall.coinPrices.findLast(({ since }) => since <= changedAt)?.price ?? null;
  return { wei, value: price === null ? (wei === 0n ? 0n : null) : (wei * price + ETHER - 1n) / ETHER };
}

function dayOf(text: string): number {
  const at = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(at)) {
    throw refuse("invalid_request", "A day is written such as 2026-11-21.");
  }
  return at / DAY;
}

function dayName(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function givenBack(stall: Stall, payment: Payment): bigint {
  const refunds = stall.refunds.filter((refund) => refund.payment === payment);
  return refunds.reduce((sum, { amount }) => sum + amount, 0n);
}

function paid(stall: Stall, id: string): Payment {
  const payment = stall.book.find(id);
  if (!GROUPS.settled.includes(payment.state)) {
    throw refuse("conflict", "Only what arrived can be given back.");
  }
  return payment;
}

/** A transfer back to the buyer, for the seller's own wallet to make. */
export function prepareRefund(stall: Stall, request: RefundPrepare): RefundPlan {
  const payment = paid(stall, request.payment);
  const given = givenBack(stall, payment);
  const left = payment.amount - given;
  const amount = request.amount === undefined ? left : price(request.amount);
  if (amount > left || left === 0n) {
    throw refuse("conflict", `Of this payment ${money(left).formatted} are left to give back.`);
  }
  const to = payer(stall.seed, payment.seq);
  return {
    payment: request.payment,
    network: NETWORK,
    asset: USDC,
    to,
    ...money(amount),
    givenBack: money(given),
    link: transferLink(to, amount),
  };
}

/** Records a transfer back to the buyer; here every hash is believed. */
export function recordRefund(stall: Stall, request: RefundRecord): RefundView {
  const payment = paid(stall, request.payment);
  if (!/^0x[0-9a-f]{64}$/i.test(request.transaction)) {
    throw refuse("invalid_request", "A transaction's hash is 0x and 64 hexadecimal digits.");
  }
  if (stall.refunds.some(({ transaction }) => transaction === request.transaction)) {
    throw refuse("conflict", "That transaction holds no transfer to the buyer that is not recorded yet.");
  }
  const left = payment.amount - givenBack(stall, payment);
  const amount = request.amount === undefined ? left : price(request.amount);
  if (amount > left || left === 0n) {
    throw refuse("conflict", "More would be given back than was paid.");
  }
  const { transaction, note = null } = request;
  const refund = { id: stall.refunds.length + 1, payment, amount, transaction, note, at: stall.clock.now() };
  stall.refunds.push(refund);
  stall.events.changed("payments");
  return refundView(stall, refund);
}

function refundView(stall: Stall, refund: Refund): RefundView {
  return {
    id: refund.id,
    payment: paymentId(stall.seed, refund.payment.seq),
    network: NETWORK,
    payer: payer(stall.seed, refund.payment.seq),
    sender: refund.payment.payTo,
    ...money(refund.amount),
    transaction: refund.transaction,
    block: 41_000_000,
    note: refund.note,
    recordedAt: refund.at,
  };
}

/** What was given back, newest first. */
export function listRefunds(stall: Stall, query: RefundQuery): RefundList {
  const { payment, before = Number.POSITIVE_INFINITY, limit = 50 } = query;
  const of = payment === undefined ? null : stall.book.find(payment);
  const found = stall.refunds.filter(
    (refund) => refund.id < before && (of === null || refund.payment === of),
  );
  return {
    items: found
      .slice(-limit)
      .reverse()
      .map((refund) => refundView(stall, refund)),
  };
}

/** The books beside the chain: they agree but for what a scenario says. */
export function reconcile(stall: Stall): ReconciliationList {
  if (stall.isNodeAway) {
    return { agrees: true, items: [], leftOut: [`Base Sepolia: ${stall.offlineReason() ?? ""}`] };
  }
  const { sums } = stall.book;
  const booked = sums.total("all", (state) => GROUPS.settled.includes(state));
  const unexplained = {
    payments: stall.strays.length,
    amount: stall.strays.reduce((sum, { amount }) => sum + amount, 0n),
  };
  const missing = stall.missing.reduce((sum, { amount }) => sum + amount, 0n);
  const received = {
    payments: booked.payments + unexplained.payments - stall.missing.length,
    amount: booked.amount + unexplained.amount - missing,
  };
  const agrees = missing === 0n;
  const sentence = !agrees
    ? `${money(missing).formatted} are in the books that did not come to this address. The node may be wrong; compare with another.`
    : unexplained.payments > 0
      ? `All that is in the books came, and ${money(unexplained.amount).formatted} more by other means.`
      : "The books and the chain agree.";
  const item = {
    network: NETWORK,
    asset: USDC,
    payTo: stall.payTo ?? "",
    fromBlock: 40_000_000,
    toBlock: 41_000_000,
    received: counted(received),
    booked: counted(booked),
    unexplained: counted(unexplained),
    unexplainedItems: stall.strays.map(({ amount, ...income }) => ({ ...income, ...money(amount) })),
    missing: counted({ payments: stall.missing.length, amount: missing }),
    missingItems: stall.missing.map(({ seq }) => paymentId(stall.seed, seq)),
    agrees,
    sentence,
  };
  return { agrees, items: booked.payments === 0 ? [] : [item], leftOut: [] };
}

/** Says what would be in the file; nothing is written. */
export function exported(stall: Stall, { what, path, filter = {} }: Export): Exported {
  if (!path.startsWith("/")) {
    throw refuse("invalid_request", "The file is named by its whole path.");
  }
  const from = filter.from === undefined ? 0 : dayOf(filter.from) * DAY;
  const to = filter.to === undefined ? Number.POSITIVE_INFINITY : (dayOf(filter.to) + 1) * DAY;
  const isWithin = (at: number) => at >= from && at < to;
  const endpoint = filter.endpoint === undefined ? null : stall.shelf.find(filter.endpoint);
  const payments = stall.book.payments.filter(
    (payment) =>
      (filter.states?.includes(payment.state) ?? true) &&
      (endpoint === null || payment.endpoint === endpoint) &&
      (filter.payer === undefined ||
        filter.payer.toLowerCase() === payer(stall.seed, payment.seq).toLowerCase()) &&
      isWithin(payment.createdAt),
  );
  const rows: Record<string, number> = {
    payments: payments.length,
    batches: stall.settler.batches.filter(({ createdAt }) => isWithin(createdAt)).length,
    costs: payments.filter(({ batch }) => batch !== null).length,
    refunds: stall.refunds.filter(({ at }) => isWithin(at)).length,
  };
  const found = rows[what];
  if (found === undefined) {
    throw refuse("invalid_request", "What can be exported are payments, batches, costs and refunds.");
  }
  return { path, rows: found, bytes: 200 * (found + 1) };
}

/** What could go wrong, what is wrong first. */
export function doctor(stall: Stall): DoctorView {
  const offline = stall.offlineReason();
  const lowGas = stall.lowGas();
  const failed = stall.book.payments.filter(
    ({ state, validBefore }) => state === "failed" && validBefore * 1000 > stall.clock.now(),
  ).length;
  const waiting = stall.book.queued().length;
  const items: DoctorView["items"] = [
    ...(lowGas === null ? [] : [{ check: "gas", state: "wrong", sentence: lowGas } as const]),
    ...(offline === null ? [] : [{ check: "node", state: "wrong", sentence: offline } as const]),
    ...(failed === 0
      ? []
      : [
          {
            check: "failures",
            state: "warning",
            sentence: `${failed} failed payments can still be saved: see Needs attention (\`failure list\`).`,
          } as const,
        ]),
    { check: "data_file", state: "well", sentence: "The data file is whole." },
    { check: "file_modes", state: "well", sentence: "Keys and books can be read by you alone." },
    { check: "disk", state: "well", sentence: "48210 MB are free." },
    {
      check: "queue",
      state: "well",
      sentence: waiting === 0 ? "Nothing waits to be settled." : `${waiting} payments wait to be settled.`,
    },
    ...(offline === null
      ? [
          {
            check: "node",
            state: "well",
            sentence: `${NETWORK} answers in 3 ms and is at block 41000009.`,
          } as const,
          {
            check: "clock",
            state: "well",
            sentence: `The clocks of this computer and of ${NETWORK} agree.`,
          } as const,
        ]
      : []),
  ];
  return { items, healthy: offline === null && lowGas === null };
}
