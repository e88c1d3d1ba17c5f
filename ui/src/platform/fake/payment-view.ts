import type { PaymentCostView } from "../../api/generated/PaymentCostView";
import type { PaymentDetailView } from "../../api/generated/PaymentDetailView";
import type { PaymentView } from "../../api/generated/PaymentView";
import type { TimelineStep } from "../../api/generated/TimelineStep";
import type { TimelineStepName } from "../../api/generated/TimelineStepName";
import { money } from "./money";
import { hex, mixed } from "./random";
import { type Batch, NETWORK, type Payment, USDC } from "./records";

/** The sentences that go with the reasons. */
const SENTENCES: Record<string, string> = {
  underfunded: "The buyer's wallet no longer holds enough.",
  blocked: "The token's issuer has blocked the buyer.",
  payout_blocked: "The token's issuer has blocked the payout address.",
  paused: "The token's issuer has paused all transfers.",
  payer_has_code: "The buyer's wallet became a smart account, so its signature no longer settles.",
  signature_refused: "The token does not accept the buyer's signature.",
  not_yet_valid: "The authorization is not valid yet, usually because of a clock difference.",
  expired: "The buyer's authorization expired before it was settled.",
  nonce_used: "The authorization was already used or cancelled.",
  not_worth_gas: "Settling it would have cost more gas than it brings in.",
  refused: "The token refused the transfer without a reason we know.",
};

/** How many buyers there are. */
const BUYERS = 400;

/** A reason as a sentence. */
export function sentence(reason: string): string {
  return SENTENCES[reason] ?? reason;
}

/** A payment's id: 88 bits that look random, and its place in the order of acceptance, scrambled. */
export function paymentId(seed: number, seq: number): string {
  const digits = `${hex(11, seed, seq, 1)}${((seq ^ mixed(seed, 99)) >>> 0).toString(16).padStart(8, "0")}`;
  const [a, b, c, d, e] = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 15),
    digits.slice(15, 18),
    digits.slice(18),
  ];
  return `${a}-${b}-8${c}-b${d}-${e}`;
}

/** The place that an id names, or 0 for an id that is none of ours. */
export function paymentSeq(seed: number, id: string): number {
  const seq = (Number.parseInt(id.slice(-8), 16) ^ mixed(seed, 99)) >>> 0;
  return paymentId(seed, seq) === id ? seq : 0;
}

/** Which of the buyers made a payment. */
export function buyer(seed: number, seq: number): number {
  return mixed(seed, seq, 3) % BUYERS;
}

/** A buyer's address. */
export function addressOf(seed: number, nth: number): string {
  return `0x${hex(20, seed, nth, 2)}`;
}

/** The address of whoever made a payment. */
export function payer(seed: number, seq: number): string {
  return addressOf(seed, buyer(seed, seq));
}

/** The hash of a batch's transaction. */
export function transactionOf(seed: number, batch: Batch): string {
  return `0x${hex(32, seed, batch.id, 4)}`;
}

/** A payment as every screen gets it. */
export function paymentView(seed: number, payment: Payment): PaymentView {
  const { endpoint, batch } = payment;
  const isPaid = payment.state === "settled" || payment.state === "settled_elsewhere";
  const isOnChain = isPaid && batch !== null && batch.minedAt !== null;
  const isSigned = batch !== null && batch.savedAt !== null && (isPaid || payment.state === "settling");
  return {
    id: paymentId(seed, payment.seq),
    state: payment.state,
    reason: payment.reason,
    reasonSentence: payment.reason === null ? null : sentence(payment.reason),
    endpoint: endpoint.path,
    endpointId: endpoint.id,
    endpointTitle: endpoint.title,
    file: endpoint.content.kind === "folder" && endpoint.content.soldAs === "files" ? "drums/kick.wav" : null,
    payer: payer(seed, payment.seq),
    ...money(payment.amount),
    network: NETWORK,
    payTo: payment.payTo,
    asset: USDC,
    nonce: `0x${hex(32, seed, payment.seq, 5)}`,
    createdAt: payment.createdAt,
    validAfter: Math.floor(payment.createdAt / 1000) - 600,
    validBefore: payment.validBefore,
    protocol: payment.seq % 5 === 0 ? 1 : 2,
    mode: endpoint.mode,
    delivery: payment.delivery,
    bytesSent: payment.bytesSent,
    batch: batch?.id ?? null,
    rail: batch !== null && isSigned ? "direct" : null,
    facilitator: null,
    transaction: batch !== null && isSigned ? transactionOf(seed, batch) : null,
    block: isOnChain ? batch.block : null,
    finalAt: isOnChain ? batch.finalAt : null,
  };
}

/** A payment with what happened to it. */
export function paymentDetail(seed: number, payment: Payment, url: string | null): PaymentDetailView {
  const steps: TimelineStep[] = [];
  const note = (step: TimelineStepName, at: number | null, more: Partial<TimelineStep> = {}) =>
    steps.push({ step, at, batch: null, transaction: null, block: null, sentence: null, ...more });
  const { batch, state } = payment;
  note("accepted", payment.createdAt);
  // When bytes left is not noted, only how far they got.
  if (payment.delivery === "delivered") {
    note("delivered", null);
  }
  if (payment.delivery === "interrupted") {
    note("interrupted", null);
  }
  const hasFailed = state === "failed" || state === "written_off";
  const tries = payment.tries ?? [];
  for (const tried of tries) {
    note("handed_over", tried.batch.createdAt, { batch: tried.batch.id });
    // How it ended is told below.
    if (!hasFailed || tried.batch !== batch) {
      note(tried.step, tried.at, { batch: tried.batch.id, sentence: sentence(tried.reason) });
    }
  }
  if (batch !== null && tries.at(-1)?.batch !== batch) {
    const transaction = transactionOf(seed, batch);
    note("handed_over", batch.createdAt, { batch: batch.id });
    if (payment.doom === null) {
      if (batch.sentAt !== null) {
        note("sent", batch.sentAt, { batch: batch.id, transaction });
      }
      if (batch.minedAt !== null) {
        note("mined", batch.minedAt, { batch: batch.id, transaction, block: batch.block });
      }
    }
  }
  if (state !== "queued" && state !== "settling") {
    const why = payment.reason === null ? null : sentence(payment.reason);
    const before = payment.reason === "expired" ? "expired" : "failed";
    const end = { batch: batch?.id ?? null, sentence: why };
    note(state === "written_off" ? before : state, payment.changedAt, end);
  }
  if (state === "settled" && batch !== null && batch.finalAt !== null) {
    note("final", batch.finalAt, { batch: batch.id, block: batch.block });
  }
  if (state === "written_off") {
    note("written_off", payment.changedAt);
  }
  const isDropped = url === null || payment.state === "voided";
  const receipt = isDropped ? null : `${url}/r/${hex(30, seed, payment.seq, 31)}`;
  const view = paymentView(seed, payment);
  return { ...view, timeline: steps, receipt, note: payment.note ?? null, cost: costOf(view) };
}

/** What settling a payment cost: a ten-thousandth of a dollar for each. */
function costOf(view: PaymentView): PaymentCostView | null {
  if (view.block === null) {
    return null;
  }
  const net = money(BigInt(view.amount) - 100n);
  return { coinAmount: "0.00000004", coin: "ETH", dollars: "0.0001", net };
}
