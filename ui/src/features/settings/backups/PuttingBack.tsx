import { useState } from "react";
import { useBackupForget } from "../../../api/backups";
import type { BackupState } from "../../../api/generated/BackupState";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Moment } from "../../../ui/Moment";
import { Refusal } from "../../../ui/Refusal";
import { QuitNow } from "../QuitNow";
import { Row, Section } from "../Section";
import { Holds } from "./Holds";
import { RestoreForm } from "./RestoreForm";

/** Puts a backup in the place of what is here, at the next start. */
export function PuttingBack({ state }: { state: BackupState }) {
  const [isOpen, setOpen] = useState(false);
  const forget = useBackupForget();
  const { waiting } = state;
  return (
    <Section title={m.backups_back()} text={m.backups_back_text()}>
      {waiting === null ? (
        <Row
          title={m.backups_none_waits()}
          text={m.backups_none_waits_text()}
          control={<Button onClick={() => setOpen(true)}>{m.backups_restore()}</Button>}
        />
      ) : (
        <Row
          title={
            <>
              {m.backups_waits()} <Moment at={waiting.madeAt} />
            </>
          }
          text={m.backups_waits_text()}
          control={
            <span className="flex flex-wrap gap-2">
              <QuitNow />
              <Button loading={forget.isPending} onClick={() => forget.mutate(null)}>
                {m.backups_forget()}
              </Button>
            </span>
          }
        >
          <Holds backup={waiting} />
          {forget.error !== null && <Refusal title={m.backups_forget_failed()} error={forget.error} />}
        </Row>
      )}
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        wide
        title={m.backups_restore_title()}
        description={m.backups_restore_text()}
      >
        <RestoreForm word={state.restoreWord} onDone={() => setOpen(false)} />
      </Dialog>
    </Section>
  );
}
