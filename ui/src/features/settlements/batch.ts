import type { AttemptView } from "../../api/generated/AttemptView";
import type { BatchView } from "../../api/generated/BatchView";
import { m } from "../../i18n/messages";
import { fromAtomic } from "../../lib/money";

/** Whether some of its payments are undecided. */
export function isOpen({ state }: Pick<BatchView, "state">): boolean {
  return state === "preparing" || state === "submitted";
}

/** Whether every one of its payments is paid. */
export function isPaid({ state }: Pick<BatchView, "state">): boolean {
  return state === "settled" || state === "final";
}

/** What arrived by it, as a decimal. Of a batch that is paid in full, somebody else may have settled a part. */
export function arrived(batch: BatchView): string {
  return isPaid(batch) ? batch.formatted : fromAtomic(BigInt(batch.settledTotal), batch.decimals);
}

/** The transaction that counts: the one in a block, or the latest. */
export function mainAttempt({ attempts }: Pick<BatchView, "attempts">): AttemptView | undefined {
  return attempts.find(({ block }) => block !== null) ?? attempts.at(-1);
}

/** Who or what began it. */
export function startedByWord({ startedBy: who }: Pick<BatchView, "startedBy">): string {
  switch (who) {
    case "seller":
      return m.settlements_by_seller();
    case "deadline":
      return m.settlements_by_deadline();
    case "instant":
      return m.settlements_by_instant();
    case "schedule":
      return m.settlements_by_schedule();
    case "exposure":
      return m.settlements_by_exposure();
    case "recovery":
      return m.settlements_by_recovery();
    default:
      return who;
  }
}
