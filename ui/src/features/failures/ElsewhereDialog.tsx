import { type FormEvent, useState } from "react";
import type { ApiError } from "../../api/error";
import { usePaymentSettledElsewhere } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";
import { readHash } from "../../lib/hash";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { HashField } from "../../ui/HashField";
import { Refusal } from "../../ui/Refusal";
import { StateBadge } from "../../ui/StateBadge";
import { notify } from "../../ui/toast";
import { useShown } from "../../ui/useShown";
import { PaymentFacts } from "./PaymentFacts";
import { restFocus } from "./rest-focus";

const FORM = "settled-elsewhere";

interface Props {
  failure: FailureView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Takes the hash of the transaction that settled a payment; the chain says whether it did. */
export function ElsewhereDialog({ failure, open, onOpenChange: change }: Props) {
  const { mutateAsync, isPending, error, data, reset } = usePaymentSettledElsewhere();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const isShown = useShown(open);
  const onOpenChange = (isOpen: boolean) => {
    change(isOpen);
    if (!isOpen) {
      restFocus();
    }
  };
  const transaction = readHash(text);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (transaction === null || isPending) {
      return;
    }
    mutateAsync({ payment: failure.id, transaction }).then(
      ({ sentence }) => {
        if (!isShown.current) {
          notify({ title: m.failures_elsewhere_found(), description: sentence, tone: "settled" });
        }
      },
      ({ message }: ApiError) => {
        if (!isShown.current) {
          notify({ title: m.failures_elsewhere_failed(), description: message, tone: "failed" });
        }
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title={m.failures_elsewhere_title()}
      description={m.failures_elsewhere_text()}
      footer={
        data === undefined ? (
          <>
            <Button onClick={() => onOpenChange(false)}>{m.ui_cancel()}</Button>
            <Button type="submit" form={FORM} variant="primary" loading={isPending}>
              {m.failures_elsewhere_check()}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={() => onOpenChange(false)}>
            {m.ui_close()}
          </Button>
        )
      }
    >
      {data === undefined ? (
        <form id={FORM} onSubmit={submit} noValidate className="flex flex-col gap-4">
          <HashField
            label={m.failures_elsewhere_hash()}
            text={text}
            onTextChange={(next) => {
              setText(next);
              reset();
            }}
            checked={tried}
          />
          {error !== null && <Refusal title={m.failures_elsewhere_failed()} error={error} />}
          <PaymentFacts failure={failure} />
        </form>
      ) : (
        <div role="status" className="flex flex-col items-start gap-2">
          <StateBadge state={data.state} />
          <p className="font-medium">{m.failures_elsewhere_found()}</p>
          <p>{data.sentence}</p>
        </div>
      )}
    </Dialog>
  );
}
