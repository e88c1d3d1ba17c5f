import type { AttentionView } from "../../api/generated/AttentionView";
import type { PaymentWriteOff } from "../../api/generated/PaymentWriteOff";
import { money } from "./money";
import { sentence } from "./payment-view";
import { NETWORK, type Payment } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { GROUPS } from "./sums";
import { usedUp } from "./trust";

const STATE_SENTENCES: Record<string, string> = {
  expired: "The buyer's authorization expired before it was settled.",
  cancelled: "The buyer cancelled the authorization.",
  diverted: "The buyer used the authorization for another transfer.",
};

/** What the seller should look at: what stops everything first, then payments by reason. */
export function attention(stall: Stall): AttentionView[] {
  const general = { payments: 0, amount: null, network: NETWORK, endpoint: null };
  const items: AttentionView[] = [];
  const offline = stall.offlineReason();
  const lowGas = stall.lowGas();
  if (stall.networks.rows.length === 0) {
    // There is none that an item could name.
  } else if (offline !== null) {
    items.push({ ...general, kind: "network", reason: "offline", sentence: offline, action: "check_node" });
  } else if (stall.wallet.isLocked && stall.book.queued().length > 0) {
    const sentence = `The gas wallet is locked and ${stall.book.queued().length} payments wait. Unlock it, or the first of them cannot be settled in time.`;
    items.push({ ...general, kind: "gas", reason: "wallet_locked", sentence, action: "unlock_wallet" });
  } else if (lowGas !== null) {
    items.push({ ...general, kind: "gas", reason: "low_gas", sentence: lowGas, action: "fund_gas" });
  }
  const undeleted = stall.data.deletion?.problem ?? null;
  if (undeleted !== null) {
    items.push({
      ...general,
      kind: "deletion",
      reason: "deletion_refused",
      sentence: undeleted,
      action: "ask_to_delete_again",
      network: "",
    });
  }
  const full = usedUp(stall);
  if (full !== null) {
    const { payments, amount } = full.exposed;
    items.push({
      ...general,
      kind: "cap",
      reason: "cap_total",
      sentence: full.sentence,
      payments,
      amount: money(amount),
      action: "settle_or_raise_cap",
      network: "",
    });
  }
  for (const { state, fileState, path } of stall.shelf.endpoints) {
    const about = { ...general, kind: "file" as const, network: "", endpoint: path };
    if (state === "live" && fileState === "changed") {
      const sentence = `The file of ${path} changed since it was published, so nobody can buy it. Publish it again as it is now, or put the old file back.`;
      items.push({ ...about, reason: "file_changed", sentence, action: "publish_again" });
    } else if (state === "live" && fileState === "missing") {
      const sentence = `The file of ${path} is missing, so nobody can buy it. Put it back where it was, or remove the endpoint.`;
      items.push({ ...about, reason: "file_missing", sentence, action: "none" });
    }
  }
  const groups = new Map<string, Payment[]>();
  for (const payment of waiting(stall)) {
    const group = groups.get(reasonOf(payment));
    if (group === undefined) {
      groups.set(reasonOf(payment), [payment]);
    } else {
      group.push(payment);
    }
  }
  const sums = Array.from(groups, ([reason, payments]) => ({
    reason,
    payments,
    amount: payments.reduce((sum, payment) => sum + payment.amount, 0n),
  }));
  sums.sort((one, other) => (one.amount < other.amount ? 1 : one.amount > other.amount ? -1 : 0));
  for (const { reason, payments, amount } of sums) {
    items.push({
      kind: "payments",
      reason,
      sentence: STATE_SENTENCES[reason] ?? sentence(reason),
      payments: payments.length,
      amount: money(amount),
      action: "write_off",
      network: NETWORK,
      endpoint: null,
    });
  }
  return items;
}

/** Gives payments up, those named or all of a reason; answers how many. */
export function writeOff(
  stall: Stall,
  { payments = [], reason, network, expected }: PaymentWriteOff,
): number {
  if (payments.length > 1000) {
    throw refuse("invalid_request", "One request gives up 1000 payments at most.");
  }
  const whole = reason !== undefined && network !== undefined && expected !== undefined;
  const none = reason === undefined && network === undefined && expected === undefined;
  if (payments.length === 0 ? !whole : !none) {
    throw refuse(
      "invalid_request",
      "Name the payments to write off, or the reason they share with its network and their number.",
    );
  }
  const chosen =
    reason === undefined
      ? payments.map((id) => stall.book.find(id))
      : waiting(stall).filter((payment) => reasonOf(payment) === reason && network === NETWORK);
  if (expected !== undefined && chosen.length !== expected) {
    throw refuse(
      "conflict",
      `Nothing was given up: ${chosen.length} payments need attention for that reason now, not ${expected}; look at them again.`,
    );
  }
  let closed = 0;
  for (const payment of chosen) {
    if (canGiveUp(payment)) {
      stall.book.move(payment, "written_off", payment.reason);
      closed += 1;
    }
  }
  return closed;
}

function canGiveUp({ state }: Payment): boolean {
  return GROUPS.attention.includes(state);
}

/** Payments that need attention. */
export function waiting(stall: Stall): Payment[] {
  return stall.book.payments.filter(({ state }) => GROUPS.attention.includes(state));
}

/** By where it ended, or by why it failed. */
export function reasonOf({ state, reason }: Payment): string {
  return state === "failed" ? (reason ?? "refused") : state;
}

/** The same as a sentence. */
export function reasonSentence(payment: Payment): string {
  const reason = reasonOf(payment);
  return STATE_SENTENCES[reason] ?? sentence(reason);
}
