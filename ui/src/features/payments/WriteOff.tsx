import { useState } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { usePaymentWriteOff } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { formatUsd } from "../../lib/money";
import { AlertDialog } from "../../ui/AlertDialog";
import { Button } from "../../ui/Button";
import { useSurroundings } from "../../ui/surroundings";
import { notify } from "../../ui/toast";

/** Gives a payment up, after asking. */
export function WriteOff({ payment }: { payment: PaymentView }) {
  const [asks, setAsks] = useState(false);
  const { mutate, isPending, error, reset } = usePaymentWriteOff();
  const { amountsHidden } = useSurroundings();
  const ask = (open: boolean) => {
    reset();
    setAsks(open);
  };
  const writeOff = () =>
    mutate(
      { payments: [payment.id] },
      {
        onSuccess: ({ closed }) => {
          setAsks(false);
          // The button goes with the state; the record keeps the focus.
          requestAnimationFrame(() => document.querySelector<HTMLElement>("[data-drawer]")?.focus());
          notify({ title: closed > 0 ? m.payments_write_off_done() : m.payments_write_off_none() });
        },
      },
    );
  return (
    <>
      <Button variant="danger" onClick={() => ask(true)}>
        {m.payments_write_off()}
      </Button>
      <AlertDialog
        open={asks}
        onOpenChange={ask}
        title={m.payments_write_off_title()}
        description={m.payments_write_off_text()}
        confirm={
          <Button variant="danger" loading={isPending} onClick={writeOff}>
            {amountsHidden
              ? m.payments_write_off_confirm_hidden()
              : m.payments_write_off_confirm({ amount: formatUsd(payment.formatted) })}
          </Button>
        }
      >
        {error !== null && (
          <p role="alert" className="text-failed">
            {m.payments_write_off_failed({ message: error.message })}
          </p>
        )}
      </AlertDialog>
    </>
  );
}
