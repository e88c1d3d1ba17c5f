import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { PayoutView } from "../../../api/generated/PayoutView";
import { usePayoutVerify } from "../../../api/payouts";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { isSame } from "../typed-address";

interface Props {
  payout: PayoutView;
  onDone(): void;
}

/** A payment that arrived for good: whoever finds it in their wallet reads the address there. */
export function FoundForm({ payout: { network, title, payTo, testPayment }, onDone }: Props) {
  const { mutate, isPending, error } = usePayoutVerify();
  const [word, setWord] = useState("");
  const [tried, setTried] = useState(false);
  const isRead = payTo !== null && isSame(word.trim(), payTo.slice(-6));
  if (testPayment === null) {
    return (
      <>
        <p className="text-text-2">{m.settings_verify_no_payment()}</p>
        <FormButtons onCancel={onDone}>{null}</FormButtons>
      </>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (!isRead || isPending) {
      goToProblem(form);
      return;
    }
    mutate(
      { network, payment: testPayment, word: word.trim() },
      {
        onSuccess: () => {
          onDone();
          notify({ title: m.settings_verify_done({ network: title }), tone: "settled" });
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <p className="text-text-2">
        {m.settings_verify_find()}{" "}
        <Link
          to="/payments/$payment"
          params={{ payment: testPayment }}
          className="font-medium text-accent-text underline underline-offset-2"
        >
          {m.settings_verify_show()}
        </Link>
      </p>
      <Field
        label={m.settings_verify_word()}
        description={m.settings_verify_word_hint()}
        error={tried && !isRead ? m.settings_verify_word_wrong() : undefined}
      >
        <Input value={word} onValueChange={setWord} className="max-w-48" />
      </Field>
      {error !== null && <Refusal title={m.settings_verify_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.settings_verify_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
