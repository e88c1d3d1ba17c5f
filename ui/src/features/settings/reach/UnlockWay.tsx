import { type FormEvent, useState } from "react";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { SecretField } from "../../../ui/SecretField";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { secret } from "../wallet/secret";

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Opens the token of the chosen way, with the passphrase that it lies behind. */
export function UnlockWay({ open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.reach_unlock_title()}
      description={m.reach_unlock_text()}
    >
      <UnlockForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function UnlockForm({ onDone }: { onDone(): void }) {
  const { isPending, error, send } = useSecretCommand("reach_unlock");
  const [isMissing, setMissing] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const passphrase = secret(form, "passphrase");
    setMissing(passphrase === undefined);
    if (passphrase === undefined) {
      goToProblem(form);
      return;
    }
    const done = await send({ passphrase });
    form.reset();
    if (done !== null) {
      onDone();
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <SecretField
        label={m.wallet_passphrase()}
        name="passphrase"
        error={isMissing ? m.wallet_passphrase_missing() : undefined}
      />
      {error !== null && <Refusal title={m.reach_unlock_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.wallet_unlock()}
        </Button>
      </FormButtons>
    </form>
  );
}
