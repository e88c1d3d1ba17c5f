import { type ReactNode, useState } from "react";
import type { ApiError } from "../../api/error";
import { useSettleThese } from "../../api/failures";
import type { SettleView } from "../../api/generated/SettleView";
import { m } from "../../i18n/messages";
import { formatUsd } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Refusal } from "../../ui/Refusal";
import { useSurroundings } from "../../ui/surroundings";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";
import { restFocus } from "./rest-focus";

interface PaymentIds {
  id: string;
}

interface Props {
  /** What is settled, one or several. */
  payments: readonly PaymentIds[];
  /** What they come to together. */
  amount: string;
  /** What they are, above the buttons. */
  children: ReactNode;
  /** Hears that they are being settled. */
  onDone?: () => void;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Settles payments that wait and leaves the others in the queue, after asking. */
export function SettleTheseDialog({ payments, amount, children, onDone, open, onOpenChange }: Props) {
  const count = payments.length;
  const { mutateAsync, isPending, error } = useSettleThese(payments.map(({ id }) => id));
  const [hindered, setHindered] = useState<readonly string[]>([]);
  const { amountsHidden } = useSurroundings();
  const isShown = useShown(open);
  const answered = ({ hindered: waits, unsettled }: SettleView) => {
    const why = [
      ...waits.map((one) => m.failures_retried_waits({ why: one })),
      ...unsettled.map(({ sentence }) => sentence),
    ];
    const [first] = why;
    if (!isShown.current) {
      notify(
        first === undefined
          ? { title: m.failures_settle_done(), tone: "settled" }
          : { title: m.failures_settle_failed(), description: first, tone: "failed" },
      );
      return;
    }
    setHindered(why);
    if (first === undefined) {
      onOpenChange(false);
      onDone?.();
      restFocus();
      notify({ title: m.failures_settle_done(), tone: "settled" });
    }
  };
  const refused = ({ message }: ApiError) => {
    if (!isShown.current) {
      notify({ title: m.failures_settle_failed(), description: message, tone: "failed" });
    }
  };
  return (
    <AlertDialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.failures_settle_title({ count })}
      description={m.failures_settle_text({ count })}
      confirm={
        <Button
          variant="primary"
          loading={isPending}
          onClick={() => void mutateAsync().then(answered, refused)}
        >
          {amountsHidden
            ? m.failures_settle_confirm_hidden()
            : m.failures_settle_confirm({ amount: formatUsd(amount) })}
        </Button>
      }
    >
      {children}
      {hindered.map((why) => (
        <p key={why} role="alert" className="mt-3 rounded-control bg-warning-soft px-3 py-2 text-warning">
          {why}
        </p>
      ))}
      {error !== null && <Refusal title={m.failures_settle_failed()} error={error} />}
    </AlertDialog>
  );
}
