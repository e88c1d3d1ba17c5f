import { type FormEvent, useState } from "react";
import type { WalletView } from "../../../api/generated/WalletView";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/paraglide/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { Keeping, type PassphraseProblem, type Place, readOwn } from "./Keeping";
import { PutAside } from "./PutAside";

interface Props {
  wallet: WalletView;
  open: boolean;
  onClose(): void;
}

/** Makes a new key, in the place of another when there is one. */
export function CreateDialog({ wallet, open, onClose }: Props) {
  const isFirst = wallet.address === null;
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={isFirst ? m.wallet_create_title() : m.wallet_create_title_other()}
      description={m.wallet_create_text()}
    >
      <CreateForm wallet={wallet} onDone={onClose} />
    </Dialog>
  );
}

function CreateForm({ wallet, onDone }: { wallet: WalletView; onDone(): void }) {
  const { isPending, error, send, reset } = useSecretCommand("wallet_create");
  const [place, setPlace] = useState<Place>(wallet.systemKeyStore ? "system" : "file");
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const replace = wallet.address !== null;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const own = readOwn(form, place);
    setProblem(own.problem);
    if (own.problem !== null) {
      goToProblem(form);
      return;
    }
    const made = await send({
      keepIn: place,
      replace,
      ...(own.passphrase !== undefined && { passphrase: own.passphrase }),
    });
    if (made === null) {
      return;
    }
    form.reset();
    onDone();
    notify({ title: m.wallet_created(), description: m.wallet_created_text(), tone: "settled" });
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {replace && <PutAside address={wallet.address} />}
      <Keeping
        place={place}
        onPlaceChange={(next) => {
          setPlace(next);
          setProblem(null);
          reset();
        }}
        hasStore={wallet.systemKeyStore}
        problem={problem}
      />
      {error !== null && <Refusal title={m.wallet_create_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {replace ? m.wallet_create_confirm_other() : m.wallet_create_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
