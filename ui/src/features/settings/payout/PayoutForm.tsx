import { type FormEvent, useState } from "react";
import type { ApiError } from "../../../api/error";
import type { NetworkView } from "../../../api/generated/NetworkView";
import type { PayoutView } from "../../../api/generated/PayoutView";
import { useNetworkSet, usePayoutSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { notify } from "../../../ui/toast";
import { AddressField, addressSentence } from "../AddressField";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { isSame, readAddress } from "../typed-address";
import { AddressEnd } from "./AddressEnd";

interface Props {
  network: NetworkView;
  /** The wallet whose key is on this computer. */
  gasWallet: string | null;
  onDone(): void;
}

/** Asks for a payout address; for another one than before also for its end, typed, so that nobody does it in passing. */
export function PayoutForm({ network, gasWallet, onDone }: Props) {
  const first = useNetworkSet();
  const change = usePayoutSet();
  const [text, setText] = useState("");
  const [word, setWord] = useState("");
  const [tried, setTried] = useState(false);
  const { value, problem } = readAddress(text);
  const { payTo, title } = network;
  const { isPending, error, reset } = payTo === null ? first : change;
  const isConfirmed = payTo === null || (value !== null && isSame(word.trim(), value.slice(-6)));
  const refusal = value === null ? null : unfit(value, payTo, gasWallet);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (value === null || refusal !== null || !isConfirmed || isPending) {
      goToProblem(form);
      return;
    }
    const changed = (now: NetworkView | PayoutView) => {
      if (form.isConnected) {
        onDone();
      }
      notify({
        title: payTo === null ? m.settings_payout_was_set() : m.settings_payout_changed(),
        description: m.settings_payout_changed_text({ network: title, address: now.payTo ?? value }),
        tone: "settled",
      });
    };
    const refused = ({ message }: ApiError) => {
      if (form.isConnected) {
        goToProblem(form);
      } else {
        notify({ title: m.settings_not_saved(), description: message, tone: "failed" });
      }
    };
    // Where the money goes is told also to those who closed the form before the answer came.
    const wanted = { network: network.network, payTo: value };
    const asked = payTo === null ? first.mutateAsync(wanted) : change.mutateAsync({ ...wanted, word });
    asked.then(changed, refused);
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {payTo !== null && (
        <div>
          <div className="font-medium">{m.settings_payout_now()}</div>
          <code className="font-mono text-caption break-all text-text-2">{payTo}</code>
        </div>
      )}
      <AddressField
        label={payTo === null ? m.settings_payout() : m.settings_payout_new()}
        hint={m.settings_payout_paste()}
        text={text}
        onTextChange={(next) => {
          setText(next);
          reset();
        }}
        error={
          refusal ?? error?.message ?? (tried && problem !== null ? addressSentence(problem) : undefined)
        }
      />
      {value !== null && <AddressEnd address={value} />}
      {payTo !== null && (
        <Field
          label={m.settings_payout_type()}
          error={tried && !isConfirmed ? m.settings_payout_type_wrong() : undefined}
        >
          <Input value={word} onValueChange={setWord} className="max-w-48" />
        </Field>
      )}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {payTo === null ? m.settings_payout_confirm_set() : m.settings_payout_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}

/** Why an address that is one should not be used. */
function unfit(address: string, payTo: string | null, gasWallet: string | null): string | null {
  if (payTo !== null && isSame(address, payTo)) {
    return m.settings_payout_same();
  }
  return gasWallet !== null && isSame(address, gasWallet) ? m.settings_payout_gas() : null;
}
