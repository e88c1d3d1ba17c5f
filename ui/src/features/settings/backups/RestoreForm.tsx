import { FileSearch } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { BackupView } from "../../../api/generated/BackupView";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { SecretField } from "../../../ui/SecretField";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { FileField } from "../wallet/FileField";
import { secret } from "../wallet/secret";
import { Holds } from "./Holds";

interface Props {
  /** What has to be typed. */
  word: string;
  onDone(): void;
}

/** Shows first what a backup holds, and puts it back only after that and a typed word. */
export function RestoreForm({ word, onDone }: Props) {
  const platform = usePlatform();
  const look = useSecretCommand("backup_look");
  const restore = useSecretCommand("backup_restore");
  const [path, setPath] = useState("");
  const [typed, setTyped] = useState("");
  const [backup, setBackup] = useState<BackupView | null>(null);
  const [tried, setTried] = useState(false);
  const isConfirmed = typed.trim() === word;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const passphrase = secret(form, "passphrase");
    setTried(true);
    if (path.trim() === "" || passphrase === undefined || (backup !== null && !isConfirmed)) {
      goToProblem(form);
      return;
    }
    if (backup === null) {
      setBackup(await look.send({ path: path.trim(), passphrase }));
      setTried(false);
    } else if ((await restore.send({ path: path.trim(), passphrase, word: typed.trim() })) !== null) {
      form.reset();
      onDone();
    }
  };
  const error = look.error ?? restore.error;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <FileField
        label={m.backups_file()}
        file={path}
        onFileChange={(next) => {
          setPath(next);
          setBackup(null);
          look.reset();
        }}
        choose={() => platform.pickFile()}
        icon={FileSearch}
        chooseLabel={m.backups_choose()}
        error={tried && path.trim() === "" ? m.wallet_file_missing() : undefined}
      />
      <SecretField
        label={m.wallet_passphrase()}
        name="passphrase"
        error={look.error?.code === "invalid_request" ? look.error.message : undefined}
      />
      {backup !== null && (
        <>
          <Holds backup={backup} />
          <Field
            label={m.backups_word({ word })}
            error={tried && !isConfirmed ? m.backups_word_wrong({ word }) : undefined}
          >
            <Input value={typed} onValueChange={setTyped} className="max-w-48" />
          </Field>
        </>
      )}
      {error !== null && error.code !== "invalid_request" && (
        <Refusal title={m.backups_restore_failed()} error={error} />
      )}
      <FormButtons onCancel={onDone}>
        <Button
          type="submit"
          variant={backup === null ? "primary" : "danger"}
          loading={look.isPending || restore.isPending}
        >
          {backup === null ? m.backups_look() : m.backups_restore_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
