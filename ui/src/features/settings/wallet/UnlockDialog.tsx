import { type FormEvent, useState } from "react";
import type { WalletView } from "../../../api/generated/WalletView";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { SecretField } from "../../../ui/SecretField";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { secret } from "./secret";

interface Props {
  wallet: WalletView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Lets the wallet sign again, with its passphrase where there is one. */
export function UnlockDialog({ wallet, open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.wallet_unlock_title()}
      description={wallet.needsPassphrase ? m.wallet_unlock_text() : m.wallet_unlock_text_system()}
    >
      <UnlockForm needsPassphrase={wallet.needsPassphrase} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function UnlockForm({ needsPassphrase, onDone }: { needsPassphrase: boolean; onDone(): void }) {
  const { isPending, error, send } = useSecretCommand("wallet_unlock");
  const [isMissing, setMissing] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const passphrase = secret(form, "passphrase");
    setMissing(needsPassphrase && passphrase === undefined);
    if (needsPassphrase && passphrase === undefined) {
      goToProblem(form);
      return;
    }
    const done = await send(passphrase === undefined ? {} : { passphrase });
    form.reset();
    if (done === null) {
      goToProblem(form);
    } else {
      onDone();
      notify({ title: m.wallet_was_unlocked(), tone: "settled" });
    }
  };
  const isWrong = error?.code === "invalid_request";
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {needsPassphrase && (
        <SecretField
          label={m.wallet_passphrase()}
          name="passphrase"
          error={isMissing ? m.wallet_passphrase_missing() : isWrong ? error.message : undefined}
        />
      )}
      {error !== null && !(isWrong && needsPassphrase) && (
        <Refusal title={m.wallet_unlock_failed()} error={error} />
      )}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.wallet_unlock()}
        </Button>
      </FormButtons>
    </form>
  );
}
