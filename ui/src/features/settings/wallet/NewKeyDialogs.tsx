import { FolderOpen } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { WalletView } from "../../../api/generated/WalletView";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
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

/** A key that is made here, or one that is taken over from a file. */
export type NewKey = "create" | "import";

interface Props {
  wallet: WalletView;
  /** The way that was chosen; null while nobody asks for a key. */
  way: NewKey | null;
  onClose(): void;
}

/** Gives the stall a key, in the place of another when there is one. */
export function NewKeyDialogs({ wallet, way, onClose }: Props) {
  const close = (isOpen: boolean) => isOpen || onClose();
  return (
    <>
      <Dialog
        open={way === "create"}
        onOpenChange={close}
        title={wallet.address === null ? m.wallet_create_title() : m.wallet_create_title_other()}
        description={m.wallet_create_text()}
      >
        <NewKeyForm wallet={wallet} way="create" onDone={onClose} />
      </Dialog>
      <Dialog
        open={way === "import"}
        onOpenChange={close}
        title={m.wallet_import_title()}
        description={m.wallet_import_text()}
      >
        <NewKeyForm wallet={wallet} way="import" onDone={onClose} />
      </Dialog>
    </>
  );
}

function NewKeyForm({ wallet, way, onDone }: { wallet: WalletView; way: NewKey; onDone(): void }) {
  const platform = usePlatform();
  const isMade = way === "create";
  const { isPending, error, send, reset } = useSecretCommand(isMade ? "wallet_create" : "wallet_import");
  const [file, setFile] = useState("");
  const [place, setPlace] = useState<Place>(wallet.systemKeyStore ? "system" : "file");
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const [tried, setTried] = useState(false);
  const replace = wallet.address !== null;
  const isFileMissing = !isMade && file.trim() === "";
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const own = readOwn(form, place);
    setProblem(own.problem);
    setTried(true);
    if (own.problem !== null || isFileMissing) {
      goToProblem(form);
      return;
    }
    const theirs = secret(form, "theirs");
    const kept = await send({
      keepIn: place,
      replace,
      ...(!isMade && { file: file.trim() }),
      ...(theirs !== undefined && { filePassphrase: theirs }),
      ...(own.passphrase !== undefined && { passphrase: own.passphrase }),
    });
    if (kept === null) {
      return;
    }
    form.reset();
    onDone();
    notify({
      title: isMade ? m.wallet_created() : m.wallet_imported(),
      description: isMade ? m.wallet_created_text() : m.wallet_imported_text(),
      tone: "settled",
    });
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {replace && <PutAside address={wallet.address} />}
      {!isMade && (
        <>
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
            error={tried && isFileMissing ? m.wallet_file_missing() : undefined}
          />
          <SecretField
            label={m.wallet_import_passphrase()}
            name="theirs"
            description={m.wallet_import_passphrase_hint()}
          />
        </>
      )}
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
      {error !== null && (
        <Refusal title={isMade ? m.wallet_create_failed() : m.wallet_import_failed()} error={error} />
      )}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {isMade
            ? replace
              ? m.wallet_create_confirm_other()
              : m.wallet_create_confirm()
            : m.wallet_import_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
