import { FolderOpen } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { BackupState } from "../../../api/generated/BackupState";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Choice } from "../../../ui/Choice";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { TimeAgo } from "../../../ui/TimeAgo";
import { FormButtons } from "../FormButtons";
import { goToProblem } from "../problem";
import { Row, Section } from "../Section";
import { FileField } from "../wallet/FileField";
import { NewPassphrase, type PassphraseProblem, readOwn } from "../wallet/Keeping";
import { plan } from "./words";

type Often = "never" | "day" | "week";

/** The backups that are made by themselves. */
export function Planned({ state }: { state: BackupState }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={m.backups_planned()} text={m.backups_planned_text()}>
      <Row
        title={plan(state)}
        text={
          state.madeAt !== null && (
            <>
              {m.backups_last()} <TimeAgo at={state.madeAt} />
            </>
          )
        }
        control={<Button onClick={() => setOpen(true)}>{m.backups_change()}</Button>}
      >
        {state.problem !== null && <p className="mt-2 text-failed break-words">{state.problem}</p>}
      </Row>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={m.backups_planned()}
        description={m.backups_plan_text()}
      >
        <PlanForm state={state} onDone={() => setOpen(false)} />
      </Dialog>
    </Section>
  );
}

function PlanForm({ state, onDone }: { state: BackupState; onDone(): void }) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("backup_plan");
  const [every, setEvery] = useState<Often>(state.every ?? "never");
  const [folder, setFolder] = useState(state.folder ?? "");
  const [problem, setProblem] = useState<PassphraseProblem | null>(null);
  const [tried, setTried] = useState(false);
  // What is planned keeps its passphrase.
  const isNew = state.every === null;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const own = every !== "never" && isNew ? readOwn(form, "file") : { passphrase: undefined, problem: null };
    setProblem(own.problem);
    setTried(true);
    if (own.problem !== null || (every !== "never" && folder.trim() === "")) {
      goToProblem(form);
      return;
    }
    const request =
      every === "never"
        ? {}
        : {
            every,
            folder: folder.trim(),
            ...(state.keep !== null && { keep: state.keep }),
            ...(own.passphrase !== undefined && { passphrase: own.passphrase }),
          };
    if ((await send(request)) !== null) {
      onDone();
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <Choice<Often>
        label={m.backups_often()}
        items={[
          { value: "never", label: m.backups_never() },
          { value: "day", label: m.backups_day() },
          { value: "week", label: m.backups_week() },
        ]}
        value={every}
        onValueChange={setEvery}
      />
      {every !== "never" && (
        <>
          <FileField
            label={m.backups_folder()}
            hint={m.backups_folder_hint()}
            file={folder}
            onFileChange={(next) => {
              setFolder(next);
              reset();
            }}
            choose={() => platform.pickFolder()}
            icon={FolderOpen}
            chooseLabel={m.backups_choose_folder()}
            error={tried && folder.trim() === "" ? m.backups_folder_missing() : undefined}
          />
          {isNew && (
            <NewPassphrase
              label={m.backups_passphrase_new()}
              hint={m.backups_passphrase_kept()}
              problem={problem}
            />
          )}
        </>
      )}
      {error !== null && <Refusal title={m.backups_plan_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.backups_save()}
        </Button>
      </FormButtons>
    </form>
  );
}
