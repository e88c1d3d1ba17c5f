import { Archive } from "lucide-react";
import { useState } from "react";
import type { ApiError } from "../../api/error";
import type { PaymentView } from "../../api/generated/PaymentView";
import type { WrittenOff } from "../../api/generated/WrittenOff";
import { usePaymentWriteOff } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount, formatUsd, sumOf } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { Refusal } from "../../ui/Refusal";
import { useSurroundings } from "../../ui/surroundings";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";

/** These can be given up: nothing more is expected of them by themselves. */
const GIVEN_UP = ["failed", "expired", "cancelled", "diverted"];

/** Gives those of the chosen payments up that went wrong, after asking. */
export function WriteOffChosen({ payments, onDone }: { payments: readonly PaymentView[]; onDone(): void }) {
  const { mutateAsync, isPending, error, reset } = usePaymentWriteOff();
  const [isOpen, setOpen] = useState(false);
  const isShown = useShown(isOpen);
  const { amountsHidden } = useSurroundings();
  const lost = payments.filter(({ state }) => GIVEN_UP.includes(state));
  const amount = sumOf(lost.map(({ formatted }) => formatted));
  const others = payments.length - lost.length;
  const change = (open: boolean) => {
    reset();
    setOpen(open);
  };
  const done = ({ closed }: WrittenOff) => {
    if (isShown.current) {
      setOpen(false);
      onDone();
    }
    notify({
      title:
        closed === 0
          ? m.failures_write_off_none()
          : m.failures_write_off_chosen_done({ count: closed, number: formatCount(closed) }),
    });
  };
  const refused = ({ message }: ApiError) => {
    if (!isShown.current) {
      notify({ title: m.failures_write_off_failed(), description: message, tone: "failed" });
    }
  };
  const confirm = amountsHidden
    ? m.failures_write_off_confirm_hidden()
    : m.failures_write_off_confirm({ amount: formatUsd(amount) });
  return (
    <>
      <Button
        size="sm"
        icon={Archive}
        reason={lost.length === 0 ? m.failures_write_off_chosen_none() : null}
        onClick={() => change(true)}
      >
        {lost.length === 0 ? m.failures_write_off_confirm_hidden() : confirm}
      </Button>
      <AlertDialog
        open={isOpen}
        onOpenChange={change}
        title={m.failures_write_off_chosen_title({ count: lost.length, number: formatCount(lost.length) })}
        description={m.failures_write_off_text()}
        confirm={
          <Button
            variant="danger"
            loading={isPending}
            onClick={() => void mutateAsync({ payments: lost.map(({ id }) => id) }).then(done, refused)}
          >
            {confirm}
          </Button>
        }
      >
        {others > 0 && (
          <p className="text-text-2">
            {m.failures_write_off_chosen_others({ count: others, number: formatCount(others) })}
          </p>
        )}
        {error !== null && <Refusal title={m.failures_write_off_failed()} error={error} />}
      </AlertDialog>
    </>
  );
}
