import type { FailureAction } from "../../api/generated/FailureAction";
import type { FailureList } from "../../api/generated/FailureList";
import type { FailureQuery } from "../../api/generated/FailureQuery";
import type { FailureView } from "../../api/generated/FailureView";
import type { PaymentRetry } from "../../api/generated/PaymentRetry";
import type { PaymentsRetried } from "../../api/generated/PaymentsRetried";
import { reasonOf, reasonSentence, waiting } from "./attention";
import { COIN, coin } from "./money";
import { payer, paymentId, paymentView, sentence } from "./payment-view";
import { NETWORK, type Payment, type PaymentState, USDC } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { counted } from "./sums";

const USUAL_PAGE = 50;
const LARGEST_PAGE = 200;
const MINUTE = 60_000;
/** How long a payment may be on its way before it is told as uncertain. */
const USUALLY_DECIDED_WITHIN = 2 * MINUTE;

/** What failed, the most urgent first. */
export function listFailures(stall: Stall, query: FailureQuery): FailureList {
  const { limit = USUAL_PAGE, after = "0" } = query;
  if (limit < 1 || limit > LARGEST_PAGE) {
    throw refuse("invalid_request", `A page has 1 to ${LARGEST_PAGE} payments.`);
  }
  const now = stall.clock.now();
  const open = (payment: Payment) => payment.validBefore * 1000 > now;
  const found = waiting(stall)
    .filter(
      (payment) =>
        (query.reason === undefined || reasonOf(payment) === query.reason) &&
        (query.network === undefined || query.network === NETWORK) &&
        (query.payer === undefined || payer(stall.seed, payment.seq) === query.payer),
    )
    .sort((one, other) => {
      if (open(one) !== open(other)) {
        return open(one) ? -1 : 1;
      }
      const sign = open(one) ? 1 : -1;
      return sign * (one.validBefore - other.validBefore || one.seq - other.seq);
    });
  const begin = Number(after);
  const saved = waiting(stall).filter((payment) => payment.state === "failed" && open(payment));
  const amount = saved.reduce((sum, payment) => sum + payment.amount, 0n);
  return {
    uncertain: isWhole(query) ? uncertain(stall).map((payment) => failureView(stall, payment)) : [],
    items: found.slice(begin, begin + limit).map((payment) => failureView(stall, payment)),
    next: begin + limit < found.length ? String(begin + limit) : null,
    recoverable: counted({ payments: saved.length, amount }),
  };
}

function isWhole({ reason, network, payer: by, after }: FailureQuery): boolean {
  return reason === undefined && network === undefined && by === undefined && after === undefined;
}

/** Long on its way, or sent back to wait. */
function uncertain(stall: Stall): Payment[] {
  const before = stall.clock.now() - USUALLY_DECIDED_WITHIN;
  return stall.book.payments.filter(
    ({ state, reason, changedAt }) =>
      (state === "queued" && reason !== null) || (state === "settling" && changedAt < before),
  );
}

/** One payment with what can be done about it. */
export function failureView(stall: Stall, payment: Payment): FailureView {
  const now = stall.clock.now();
  const left = Math.floor(payment.validBefore - now / 1000);
  const isOpen = left > 0;
  const isWatched = isOpen && (payment.state === "failed" || payment.state === "written_off");
  return {
    ...paymentView(stall.seed, payment),
    ...wrong(payment),
    settleUntil: payment.validBefore * 1000,
    secondsLeft: isOpen ? left : null,
    recoverable: isOpen && ["failed", "queued", "settling"].includes(payment.state),
    tries: payment.batch === null ? 0 : 1,
    nextTryAt: isWatched ? now + MINUTE : null,
    actions: actions(stall, payment.state, isOpen),
    topUp: topUp(stall, payment),
  };
}

/** What the gas wallet needs, where that is what a payment waits for. */
function topUp(stall: Stall, { state }: Payment): FailureView["topUp"] {
  const waits = state === "queued" || state === "settling";
  const missing = stall.worstOfNext() - stall.gas;
  if (!waits || stall.lowGas() === null || missing <= 0n) {
    return null;
  }
  const { address } = stall.gasWallet();
  const formatted = coin(missing);
  const sentence = `Send at least ${formatted} ${COIN} on Base Sepolia to the gas wallet ${address}; settling goes on by itself.`;
  return { address, wei: missing.toString(), formatted, coin: COIN, sentence };
}

/** What is wrong, as a word and as a sentence. */
function wrong(payment: Payment): Pick<FailureView, "kind" | "sentence"> {
  const { state, reason } = payment;
  switch (state) {
    case "settling":
      return { kind: "on_its_way", sentence: "It was sent and is not in a block yet." };
    case "queued":
      return reason === null
        ? { kind: "queued", sentence: "It waits to be settled." }
        : { kind: reason, sentence: sentence(reason) };
    case "settled":
    case "settled_elsewhere":
      return { kind: state, sentence: "The money arrived." };
    case "voided":
      return { kind: state, sentence: "Nothing was delivered, so the authorization was dropped." };
    default:
      return { kind: reasonOf(payment), sentence: reasonSentence(payment) };
  }
}

function actions(stall: Stall, state: PaymentState, isOpen: boolean): FailureAction[] {
  const through: FailureAction[] = stall.facilitators.size > 0 ? ["send_through_facilitator"] : [];
  const hindered: FailureAction[] = [
    ...(stall.isNodeAway ? (["check_node"] as const) : []),
    ...(stall.lowGas() === null ? [] : (["top_up"] as const)),
  ];
  switch (state) {
    case "settling":
      return hindered;
    case "queued":
      return [...hindered, ...through, "retry_now", "mark_settled_elsewhere"];
    case "failed":
      return [
        ...(isOpen ? (["retry_now", ...through] as const) : []),
        "mark_settled_elsewhere",
        "block_payer",
        "write_off",
      ];
    case "cancelled":
    case "diverted":
      return ["block_payer", "write_off"];
    case "expired":
      return ["write_off"];
    case "written_off":
      return ["reopen", "mark_settled_elsewhere"];
    default:
      return [];
  }
}

/** Puts failed payments back into the queue, and settles unless told to wait. */
export function retry(stall: Stall, { payments = [], reason, later = false }: PaymentRetry): PaymentsRetried {
  if ((reason === undefined) === (payments.length === 0)) {
    throw refuse("invalid_request", "Name the payments to try again, or the reason they share.");
  }
  if (stall.isNodeAway) {
    throw refuse("unavailable", stall.offlineReason() ?? "");
  }
  const chosen =
    reason === undefined
      ? payments.map((id) => stall.book.find(id))
      : waiting(stall).filter((payment) => reasonOf(payment) === reason);
  const lowGas = stall.lowGas();
  const items = chosen.map((payment) => {
    const isOpen = payment.validBefore * 1000 > stall.clock.now();
    const queued = payment.state === "failed" && isOpen;
    if (queued) {
      stall.book.move(payment, "queued");
    }
    return {
      payment: paymentId(stall.seed, payment.seq),
      queued,
      state: payment.state,
      sentence: !queued
        ? payment.state === "queued"
          ? "It waits to be settled already."
          : "It is decided."
        : lowGas === null
          ? "It is back in the queue."
          : `It is back in the queue. It waits for gas. ${lowGas}`,
      topUp: queued ? topUp(stall, payment) : null,
    };
  });
  const hindrance = stall.hindrance();
  const queued = items.filter((item) => item.queued).length;
  if (!later && queued > 0 && hindrance === null) {
    stall.settler.settle(null);
  }
  return { items, queued, hindered: hindrance === null || later || queued === 0 ? [] : [hindrance] };
}

/** Takes a payment up again that was given up. */
export function reopen(stall: Stall, id: string): FailureView {
  const payment = stall.book.find(id);
  if (payment.state !== "written_off") {
    throw refuse("conflict", "Only what was given up can be taken up again.");
  }
  stall.book.move(payment, payment.reason === "expired" ? "expired" : "failed", payment.reason);
  return failureView(stall, payment);
}

/** The seller says by which transaction it was settled; here every hash is believed. */
export function markSettled(stall: Stall, id: string, transaction: string): FailureView {
  const payment = stall.book.find(id);
  if (!/^0x[0-9a-f]{64}$/i.test(transaction)) {
    throw refuse("invalid_request", "A transaction's hash is 0x and 64 hexadecimal digits.");
  }
  if (!["queued", "failed", "written_off"].includes(payment.state)) {
    throw refuse("conflict", "It is decided, or on its way, so the chain itself decides it.");
  }
  stall.book.move(payment, "settled_elsewhere");
  return failureView(stall, payment);
}

/** A transfer for the seller's own wallet, as EIP-681 writes it. */
export function transferLink(to: string, amount: bigint): string {
  return `ethereum:${USDC}@84532/transfer?address=${to}&uint256=${amount}`;
}
