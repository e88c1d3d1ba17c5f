import { type ReactNode, useCallback, useState } from "react";
import { type Asked, AskProvider } from "./asking";
import { ElsewhereDialog } from "./ElsewhereDialog";
import { PaymentFacts } from "./PaymentFacts";
import { RetryDialog } from "./RetryDialog";
import { SettleTheseDialog } from "./SettleTheseDialog";
import { TopUpDialog } from "./TopUpDialog";
import { useGoTo } from "./useGoTo";
import { useOutright } from "./useOutright";
import { WriteOffDialog } from "./WriteOffDialog";

/**
 * Does what is asked for about failed payments, over any page. It stands above the pages, because what is done
 * often takes away the very row where it was asked for.
 */
export function FollowUps({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ what: Asked; nth: number } | null>(null);
  const [isOpen, setOpen] = useState(false);
  const goTo = useGoTo();
  const outright = useOutright();
  const ask = useCallback(
    (wanted: Asked) => {
      if (!goTo(wanted) && !outright(wanted)) {
        setAsked((before) => ({ what: wanted, nth: (before?.nth ?? 0) + 1 }));
        setOpen(true);
      }
    },
    [goTo, outright],
  );
  return (
    <AskProvider value={ask}>
      {children}
      {asked !== null && <Asking key={asked.nth} asked={asked.what} open={isOpen} onOpenChange={setOpen} />}
    </AskProvider>
  );
}

interface AskingProps {
  asked: Asked;
  open: boolean;
  onOpenChange(open: boolean): void;
}

function Asking({ asked: { action, failures }, open, onOpenChange }: AskingProps) {
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
