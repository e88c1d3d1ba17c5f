import type { Asked } from "./asking";
import { ElsewhereDialog } from "./ElsewhereDialog";
import { PaymentFacts } from "./PaymentFacts";
import { RetryDialog } from "./RetryDialog";
import { SettleTheseDialog } from "./SettleTheseDialog";
import { TopUpDialog } from "./TopUpDialog";
import { WriteOffDialog } from "./WriteOffDialog";

export interface FollowUpProps {
  asked: Asked;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** The dialog in which something is done about failed payments. */
export function FollowUp({ asked: { action, failures }, open, onOpenChange }: FollowUpProps) {
  const shown = { open, onOpenChange };
  const [failure] = failures;
  if (failure === undefined) {
    return null;
  }
  switch (action) {
    case "retry_now":
      // What waits in the queue is settled, not tried again.
      return failure.state === "queued" ? (
        <SettleTheseDialog payments={failures} amount={failure.formatted} {...shown}>
          <PaymentFacts failure={failure} />
        </SettleTheseDialog>
      ) : (
        <RetryDialog failures={failures} {...shown} />
      );
    case "send_through_facilitator":
      return <RetryDialog failures={failures} rail="facilitator" {...shown} />;
    case "mark_settled_elsewhere":
      return <ElsewhereDialog failure={failure} {...shown} />;
    case "write_off":
      return <WriteOffDialog failure={failure} {...shown} />;
    case "top_up":
      return <TopUpDialog network={failure.network} {...shown} />;
    case "raise_ceiling":
    case "check_node":
    case "block_payer":
    case "reopen":
      return null;
    default:
      return action satisfies never;
  }
}
