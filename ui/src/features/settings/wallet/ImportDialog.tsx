import { FolderOpen } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { WalletView } from "../../../api/generated/WalletView";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/paraglide/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { SecretField } from "../../../ui/SecretField";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { FileField } from "./FileField";
import { Keeping, type PassphraseProblem, type Place, readOwn } from "./Keeping";
import { PutAside } from "./PutAside";
import { secret } from "./secret";

interface Props {
  wallet: WalletView;
  open: boolean;
  onClose(): void;
}

/** Takes a key over from a file, in the place of another when there is one. */
export function ImportDialog({ wallet, open, onClose }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={m.wallet_import_title()}
      description={m.wallet_import_text()}
    >
      <ImportForm wallet={wallet} onDone={onClose} />
    </Dialog>
  );
}

function ImportForm({ wallet, onDone }: { wallet: WalletView; onDone(): void }) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("wallet_import");
  const [file, setFile] = useState("");
  const [place, setPlace] = useState<Place>(wallet.systemKeyStore ? "system" : "file");
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const [tried, setTried] = useState(false);
  const replace = wallet.address !== null;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const own = readOwn(form, place);
    setProblem(own.problem);
    setTried(true);
    if (own.problem !== null || file.trim() === "") {
      goToProblem(form);
      return;
    }
    const theirs = secret(form, "theirs");
    const taken = await send({
      file: file.trim(),
      keepIn: place,
      replace,
      ...(theirs !== undefined && { filePassphrase: theirs }),
      ...(own.passphrase !== undefined && { passphrase: own.passphrase }),
    });
    if (taken === null) {
      return;
    }
    form.reset();
    onDone();
    notify({ title: m.wallet_imported(), description: m.wallet_imported_text(), tone: "settled" });
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {replace && <PutAside address={wallet.address} />}
      <FileField
        label={m.wallet_import_file()}
        hint={m.wallet_import_file_hint()}
        file={file}
        onFileChange={(next) => {
          setFile(next);
          reset();
        }}
        choose={() => platform.pickFile()}
        icon={FolderOpen}
        chooseLabel={m.wallet_import_choose()}
        error={tried && file.trim() === "" ? m.wallet_file_missing() : undefined}
      />
      <SecretField
        label={m.wallet_import_passphrase()}
        name="theirs"
        description={m.wallet_import_passphrase_hint()}
      />
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
      {error !== null && <Refusal title={m.wallet_import_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.wallet_import_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
