import { FolderDown, TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { isSame } from "../typed-address";
import { FileField } from "./FileField";
import { NewPassphrase, type PassphraseProblem, readOwn } from "./Keeping";

interface Props {
  address: string;
  /** What has to be typed: the end of the address. */
  word: string;
  open: boolean;
  onClose(): void;
}

/** Saves the key to a file, behind the typed end of its address. */
export function ExportDialog({ address, word, open, onClose }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => isOpen || onClose()}
      wide
      title={m.wallet_export_title()}
      description={m.wallet_export_text()}
    >
      <ExportForm address={address} wanted={word} onDone={onClose} />
    </Dialog>
  );
}

interface FormProps {
  address: string;
  wanted: string;
  onDone(): void;
}

function ExportForm({ address, wanted, onDone }: FormProps) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("wallet_export");
  const [file, setFile] = useState("");
  const [word, setWord] = useState("");
  const [isBare, setBare] = useState(false);
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const [tried, setTried] = useState(false);
  const isConfirmed = isSame(word.trim(), wanted);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const own = readOwn(form, isBare ? "system" : "file");
    setProblem(own.problem);
    setTried(true);
    if (own.problem !== null || !isConfirmed || file.trim() === "") {
      goToProblem(form);
      return;
    }
    const saved = await send({
      file: file.trim(),
      word: word.trim(),
      ...(own.passphrase === undefined ? { bare: true } : { passphrase: own.passphrase }),
    });
    if (saved === null) {
      return;
    }
    form.reset();
    onDone();
    notify({ title: m.wallet_exported(), description: saved.file, tone: "settled" });
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <FileField
        label={m.wallet_export_file()}
        hint={m.wallet_export_file_hint()}
        file={file}
        onFileChange={(next) => {
          setFile(next);
          reset();
        }}
        choose={() => platform.saveFile(isBare ? "gas-wallet.hex" : "gas-wallet.json")}
        icon={FolderDown}
        chooseLabel={m.wallet_export_choose()}
        error={tried && file.trim() === "" ? m.wallet_file_missing() : undefined}
      />
      <Switch label={m.wallet_export_bare()} checked={isBare} onCheckedChange={setBare} />
      {isBare ? (
        <p className="-mt-2 flex gap-2.5 rounded-control bg-warning-soft px-3 py-2 text-warning">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
          {m.wallet_export_bare_text()}
        </p>
      ) : (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(14rem,1fr))] gap-4">
          <NewPassphrase label={m.wallet_export_passphrase()} problem={problem} />
        </div>
      )}
      <div>
        <div className="font-medium">{m.wallet_export_of()}</div>
        <code className="font-mono text-caption break-all text-text-2">{address}</code>
      </div>
      <Field
        label={m.wallet_export_word()}
        error={tried && !isConfirmed ? m.wallet_export_word_wrong() : undefined}
      >
        <Input value={word} onValueChange={setWord} className="max-w-48" />
      </Field>
      {error !== null && <Refusal title={m.wallet_export_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant={isBare ? "danger" : "primary"} loading={isPending}>
          {m.wallet_export_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
