import { useQuery } from "@tanstack/react-query";
import { FileDown, FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { type CrashReport, crashesQuery, useCrashDelete, useCrashSave } from "../../../api/computer";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { absoluteTime } from "../../../lib/time";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { Row, Section } from "../Section";

/** What was written down when something failed: looked at, saved or deleted here, sent nowhere. */
export function Crashes() {
  const { data } = useQuery(crashesQuery(usePlatform()));
  const [shown, setShown] = useState<CrashReport | null>(null);
  return (
    <Section anchor="crashes" title={m.computer_crashes()} text={m.computer_crashes_text()}>
      {data?.length === 0 && <Row title={m.computer_crashes_none()} />}
      {data?.map((report) => (
        <Crash key={report.name} report={report} onShow={() => setShown(report)} />
      ))}
      <Dialog
        open={shown !== null}
        onOpenChange={() => setShown(null)}
        title={m.computer_crash_shown({ time: shown === null ? "" : absoluteTime(shown.at, true) })}
        wide
      >
        {/* Scrolled with the keyboard too. */}
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls with the keyboard
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-control bg-surface-2 p-3 text-caption break-words whitespace-pre-wrap"
        >
          {shown?.text}
        </pre>
      </Dialog>
    </Section>
  );
}

function Crash({ report, onShow }: { report: CrashReport; onShow(): void }) {
  const save = useCrashSave();
  const remove = useCrashDelete();
  const keep = () =>
    save.mutate(report, {
      onSuccess: (isSaved) => isSaved && notify({ title: m.computer_crash_saved() }),
    });
  return (
    <Row
      title={absoluteTime(report.at, true)}
      control={
        <div className="flex flex-wrap gap-2">
          <Button size="sm" icon={FileText} onClick={onShow}>
            {m.computer_crash_show()}
          </Button>
          <Button size="sm" icon={FileDown} loading={save.isPending} onClick={keep}>
            {m.computer_crash_save()}
          </Button>
          <Button size="sm" icon={Trash2} loading={remove.isPending} onClick={() => remove.mutate([report])}>
            {m.computer_crash_delete()}
          </Button>
        </div>
      }
    >
      {save.error !== null && <Refusal title={m.computer_crash_save_failed()} error={save.error} />}
      {remove.error !== null && <Refusal title={m.computer_crash_delete_failed()} error={remove.error} />}
    </Row>
  );
}
