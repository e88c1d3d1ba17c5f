import { FolderDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { BackupMade } from "../../../api/generated/BackupMade";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { messageOf } from "../../../lib/message";
import { calendarDay } from "../../../lib/time";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { Row, Section } from "../Section";
import { FileField } from "../wallet/FileField";
import { NewPassphrase, type PassphraseProblem, readOwn } from "../wallet/Keeping";

interface Props {
  /** Where backups are put that are made by themselves; null where none are. */
  folder: string | null;
}

/** Makes a backup now. */
export function Making({ folder }: Props) {
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
        <MakeForm folder={folder} onCancel={() => setOpen(false)} onDone={done} />
      </Dialog>
    </Section>
  );
}

interface FormProps extends Props {
  onCancel(): void;
  onDone(made: BackupMade): void;
}

function MakeForm({ folder, onCancel, onDone }: FormProps) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("backup_make");
  const [name] = useState(() => `stallkeeper-${calendarDay(Date.now())}.backup`);
  const [path, setPath] = useState(folder === null ? name : within(folder, name));
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const [tried, setTried] = useState(false);
  /** Who wrote a name alone is asked for its folder, and there whether a file of that name is replaced. */
  const whole = async (file: string) => {
    if (/[/\\]/.test(file)) {
      return { path: file };
    }
    const chosen = await platform.saveFile(file).catch((reason) => {
      notify({ title: m.wallet_choose_failed(), description: messageOf(reason), tone: "failed" });
      return null;
    });
    return chosen === null ? null : { path: chosen, replace: true };
  };
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
    const place = await whole(path.trim());
    if (place === null) {
      return;
    }
    const made = await send({ ...place, passphrase: own.passphrase });
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
        choose={() => platform.saveFile(name)}
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

/** A file's path in a folder, as this system writes it. */
function within(folder: string, name: string): string {
  const mark = folder.includes("\\") ? "\\" : "/";
  return folder.endsWith(mark) ? folder + name : folder + mark + name;
}
