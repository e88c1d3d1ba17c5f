import type { BatchDetailView } from "../../api/generated/BatchDetailView";
import type { BatchView } from "../../api/generated/BatchView";
import { coin, DECIMALS, decimal, money } from "./money";
import { paymentId, sentence, transactionOf } from "./payment-view";
import { type Batch, NETWORK } from "./records";
import { feeOf, gasOf } from "./settling";

/** A batch as every screen gets it. */
export function batchView(seed: number, wallet: string, batch: Batch): BatchView {
  const total = batch.payments.reduce((sum, { amount }) => sum + amount, 0n);
  const settled = batch.payments.filter((_, place) => batch.results[place] === "settled");
  const settledTotal = settled.reduce((sum, { amount }) => sum + amount, 0n);
  const gas = gasOf(settled.length);
  const isMined = batch.minedAt !== null;
  const fee = isMined ? feeOf(gas) : null;
  const attempts =
    batch.savedAt === null
      ? []
      : [
          {
            hash: transactionOf(seed, batch),
            wallet,
            nonce: batch.id - 1,
            gasLimit: gasOf(batch.payments.length),
            savedAt: batch.savedAt,
            sentAt: batch.sentAt,
            block: batch.block,
            gasUsed: isMined ? gas : null,
            cost: fee?.toString() ?? null,
          },
        ];
  return {
    id: batch.id,
    state: batch.state,
    network: NETWORK,
    startedBy: batch.startedBy,
    payments: batch.payments.length,
    total: total.toString(),
    settledPayments: settled.length,
    settledTotal: settledTotal.toString(),
    decimals: DECIMALS,
    formatted: decimal(total),
    rail: "direct",
    calls: [],
    attempts,
    fee: fee?.toString() ?? null,
    feeFormatted: fee === null ? null : coin(fee),
    nativeSymbol: "ETH",
    final: batch.finalAt !== null,
    createdAt: batch.createdAt,
    closedAt: batch.minedAt ?? (batch.state === "failed" ? batch.createdAt : null),
  };
}

/** A batch with what became of each payment. */
export function batchDetail(seed: number, wallet: string, batch: Batch): BatchDetailView {
  const items = batch.payments.map((payment, place) => ({
    payment: paymentId(seed, payment.seq),
    ...money(payment.amount),
    result: batch.results[place] ?? "pending",
    state: payment.state,
    reason: payment.reason,
    reasonSentence: payment.reason === null ? null : sentence(payment.reason),
  }));
  return { ...batchView(seed, wallet, batch), items };
}
