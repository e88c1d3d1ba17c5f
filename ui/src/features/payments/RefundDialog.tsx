import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { refundPlanQuery, useRefundRecord } from "../../api/books";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { readHash } from "../../lib/hash";
import { formatDecimal, formatUsd, parseAmount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { HashField } from "../../ui/HashField";
import { Input } from "../../ui/Input";
import { PriceInput } from "../../ui/PriceInput";
import { Refusal } from "../../ui/Refusal";
import { useSurroundings } from "../../ui/surroundings";
import { notify } from "../../ui/toast";
import { RefundTransfer } from "./RefundTransfer";

const FORM = "refund";

interface Props {
  payment: PaymentView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** The transfer that gives a payment back, for the seller's own wallet, and then the hash of what was sent. */
export function RefundDialog({ payment, open, onOpenChange }: Props) {
  const { token } = useNetworks();
  const { amountsHidden } = useSurroundings();
  const { mutateAsync, isPending, error, reset } = useRefundRecord();
  // Unless somebody types another amount, it is what is left of the payment.
  const [amount, setAmount] = useState<string | null>(null);
  const { data: whole } = useQuery({
    ...refundPlanQuery(usePlatform(), payment.id, null),
    enabled: open,
  });
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const wanted = amount === null ? null : parseAmount(amount, payment.decimals).value;
  const isWrong = amount !== null && wanted === null;
  const transaction = readHash(text);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (transaction === null || isWrong || isPending) {
      return;
    }
    const form = event.currentTarget;
    const more = {
      ...(wanted !== null && { amount: wanted }),
      ...(note.trim() !== "" && { note: note.trim() }),
    };
    mutateAsync({ payment: payment.id, transaction, ...more }).then(
      ({ formatted }) => {
        if (form.isConnected) {
          onOpenChange(false);
        }
        notify({
          title: amountsHidden
            ? m.payments_refund_done_hidden()
            : m.payments_refund_done({ amount: formatUsd(formatted) }),
          tone: "settled",
        });
      },
      ({ message }) => {
        if (!form.isConnected) {
          notify({ title: m.payments_refund_failed(), description: message, tone: "failed" });
        }
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title={m.payments_refund_title()}
      description={m.payments_refund_text()}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{m.ui_cancel()}</Button>
          <Button type="submit" form={FORM} variant="primary" loading={isPending}>
            {m.payments_refund_record()}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} noValidate className="flex flex-col gap-5">
        <section aria-label={m.payments_refund_first()} className="flex flex-col gap-3">
          <h3 className="font-medium">1. {m.payments_refund_first()}</h3>
          {!amountsHidden && whole !== undefined && (
            <div className="max-w-56">
              <PriceInput
                label={m.payments_refund_amount()}
                text={amount ?? formatDecimal(whole.formatted)}
                onTextChange={setAmount}
                decimals={payment.decimals}
                token={token(payment.network) ?? ""}
                checked={tried}
              />
            </div>
          )}
          {!isWrong && <RefundTransfer payment={payment} amount={wanted} />}
        </section>
        <section aria-label={m.payments_refund_second()} className="flex flex-col gap-3 border-t pt-4">
          <h3 className="font-medium">2. {m.payments_refund_second()}</h3>
          <HashField
            label={m.payments_refund_hash()}
            text={text}
            onTextChange={(next) => {
              setText(next);
              reset();
            }}
            checked={tried}
          />
          {error !== null && <Refusal title={m.payments_refund_failed()} error={error} />}
          <Field label={m.payments_refund_note()} description={m.payments_refund_note_hint()}>
            <Input value={note} onValueChange={setNote} maxLength={500} />
          </Field>
        </section>
      </form>
    </Dialog>
  );
}
