import { type FormEvent, useState } from "react";
import type { PayoutView } from "../../../api/generated/PayoutView";
import { usePayoutVerify } from "../../../api/payouts";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { CopyButton } from "../../../ui/CopyButton";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";

interface Props {
  payout: PayoutView;
  onDone(): void;
}

/** The message to sign in the wallet of the address, and the place for its signature. */
export function SignatureForm({ payout: { network, title, message }, onDone }: Props) {
  const { mutate, isPending, error, reset } = usePayoutVerify();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const signature = text.replaceAll(/\s/g, "");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (signature === "" || isPending) {
      goToProblem(form);
      return;
    }
    mutate(
      { network, signature },
      {
        onSuccess: () => {
          onDone();
          notify({ title: m.settings_verify_done({ network: title }), tone: "settled" });
        },
        onError: () => goToProblem(form),
      },
    );
  };
  const isWrong = error?.code === "invalid_request";
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="flex flex-col gap-1.5">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="font-medium">{m.settings_verify_message()}</span>
          <CopyButton text={message ?? ""} label={m.settings_verify_copy()} />
        </div>
        <p className="rounded-control bg-surface-2 p-3 font-mono text-caption break-all whitespace-pre-wrap">
          {message}
        </p>
        <p className="text-caption text-text-2">{m.settings_verify_how()}</p>
      </div>
      <Field
        label={m.settings_verify_signature()}
        description={m.settings_verify_signature_hint()}
        error={
          tried && signature === ""
            ? m.settings_verify_signature_missing()
            : isWrong
              ? error.message
              : undefined
        }
      >
        <Input
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
          placeholder="0x…"
          className="font-mono text-body"
        />
      </Field>
      {error !== null && !isWrong && <Refusal title={m.settings_verify_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.settings_verify_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
