import { LockOpen } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useSecretCommand } from "../../../../api/wallet";
import { m } from "../../../../i18n/messages";
import { Button } from "../../../../ui/Button";
import { Dialog } from "../../../../ui/Dialog";
import { Refusal } from "../../../../ui/Refusal";
import { SecretField } from "../../../../ui/SecretField";
import { notify } from "../../../../ui/toast";
import { FormButtons } from "../../FormButtons";
import { goToProblem } from "../../problem";
import { secret } from "../../wallet/secret";

/** Opens what the facilitator knows the seller by, where it lies in an encrypted file. */
export function UnlockFacilitator() {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-warning-soft px-3 py-2 text-warning">
      {m.networks_facilitator_locked()}
      <Button size="sm" icon={LockOpen} onClick={() => setOpen(true)}>
        {m.wallet_unlock()}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={m.networks_facilitator_unlock()}
        description={m.networks_facilitator_unlock_text()}
      >
        <UnlockForm onDone={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}

function UnlockForm({ onDone }: { onDone(): void }) {
  const { isPending, error, send } = useSecretCommand("facilitator_unlock");
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
      notify({ title: m.networks_facilitator_unlocked(), tone: "settled" });
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <SecretField
        label={m.wallet_passphrase()}
        name="passphrase"
        error={isMissing ? m.wallet_passphrase_missing() : undefined}
      />
      {error !== null && <Refusal title={m.networks_facilitator_unlock_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.wallet_unlock()}
        </Button>
      </FormButtons>
    </form>
  );
}
