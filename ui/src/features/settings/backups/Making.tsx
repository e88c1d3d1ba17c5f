import { FolderDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { BackupMade } from "../../../api/generated/BackupMade";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/paraglide/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { Row, Section } from "../Section";
import { FileField } from "../wallet/FileField";
import { NewPassphrase, type PassphraseProblem, readOwn } from "../wallet/Keeping";

/** Makes a backup now. */
export function Making() {
  const [isOpen, setOpen] = useState(false);
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const done = ({ path, leftOut: missing }: BackupMade) => {
    setOpen(false);
    setLeftOut(missing);
    notify({ title: m.backups_made(), description: path, tone: "settled" });
  };
  return (
    <Section title={m.backups_now()} text={m.backups_now_text()}>
      <Row
        title={m.backups_whole()}
        text={m.backups_whole_text()}
        control={<Button onClick={() => setOpen(true)}>{m.backups_make()}</Button>}
      >
        {leftOut.map((sentence) => (
          <p key={sentence} role="status" className="mt-2 text-warning">
            {sentence}
          </p>
        ))}
      </Row>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={m.backups_make_title()}
        description={m.backups_make_text()}
      >
        <MakeForm onCancel={() => setOpen(false)} onDone={done} />
      </Dialog>
    </Section>
  );
}

function MakeForm({ onCancel, onDone }: { onCancel(): void; onDone(made: BackupMade): void }) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("backup_make");
  const [path, setPath] = useState("");
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const [tried, setTried] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const own = readOwn(form, "file");
    setProblem(own.problem);
    setTried(true);
    if (own.problem !== null || own.passphrase === undefined || path.trim() === "") {
      goToProblem(form);
      return;
    }
    const made = await send({ path: path.trim(), passphrase: own.passphrase });
    if (made !== null) {
      form.reset();
      onDone(made);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <FileField
        label={m.backups_file()}
        hint={m.backups_file_hint()}
        file={path}
        onFileChange={(next) => {
          setPath(next);
          reset();
        }}
        choose={() => platform.saveFile(`stallkeeper-${new Date().toISOString().slice(0, 10)}.backup`)}
        icon={FolderDown}
        chooseLabel={m.backups_choose_place()}
        error={tried && path.trim() === "" ? m.wallet_file_missing() : undefined}
      />
      <NewPassphrase
        label={m.backups_passphrase_new()}
        hint={m.backups_passphrase_hint()}
        problem={problem}
      />
      {error !== null && <Refusal title={m.backups_make_failed()} error={error} />}
      <FormButtons onCancel={onCancel}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.backups_make_confirm()}
        </Button>
      </FormButtons>
    </form>
  );
}
