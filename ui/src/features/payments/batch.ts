import type { PaymentView } from "../../api/generated/PaymentView";

/** The batch it is in; null while it waits, also when a batch has given it back. */
export function batchOf({ state, batch }: PaymentView): number | null {
  return state === "queued" ? null : batch;
}
