import type { AttentionView } from "../../api/generated/AttentionView";
import type { PaymentWriteOff } from "../../api/generated/PaymentWriteOff";
import { money } from "./money";
import { sentence } from "./payment-view";
import { NETWORK, type Payment } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { GROUPS } from "./sums";

const STATE_SENTENCES: Record<string, string> = {
  failed: "The token refused the transfer without a reason we know.",
  expired: "The buyer's authorization expired before it was settled.",
  cancelled: "The buyer cancelled the authorization.",
  diverted: "The buyer used the authorization for another transfer.",
};

/** What the seller should look at: what stops everything first, then payments by reason. */
export function attention(stall: Stall): AttentionView[] {
  const general = { payments: 0, amount: null, network: NETWORK };
  const items: AttentionView[] = [];
  if (stall.isNodeAway) {
    items.push({
      ...general,
      kind: "network",
      reason: "node_away",
      sentence: stall.offlineReason() ?? "",
      action: "check_node",
    });
  }
  if (stall.gas === 0n) {
    items.push({
      ...general,
      kind: "gas",
      reason: "out_of_gas_money",
      sentence: "The gas wallet is empty, so nothing can be settled.",
      action: "fund_gas",
    });
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
    });
  }
  return items;
}

/** Gives payments up, those named or all of a reason; answers how many. */
export function writeOff(stall: Stall, { payments = [], reason }: PaymentWriteOff): number {
  if (payments.length > 1000) {
    throw refuse("invalid_request", "One request gives up 1000 payments at most.");
  }
  const named = payments.map((id) => stall.book.find(id));
  const chosen = new Set([
    ...named,
    ...(reason === undefined ? [] : waiting(stall).filter((payment) => reasonOf(payment) === reason)),
  ]);
  let closed = 0;
  for (const payment of chosen) {
    if (GROUPS.attention.includes(payment.state)) {
      stall.book.move(payment, "written_off", payment.reason);
      closed += 1;
    }
  }
  return closed;
}

function waiting(stall: Stall): Payment[] {
  return stall.book.payments.filter(({ state }) => GROUPS.attention.includes(state));
}

function reasonOf(payment: Payment): string {
  return payment.reason ?? payment.state;
}
