import { useQuery } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { useState } from "react";
import { diagnosticsQuery, useDiagnosticsSave } from "../../../api/data";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { formatBytes } from "../../../lib/bytes";
import { messageOf } from "../../../lib/message";
import { calendarDay } from "../../../lib/time";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { Skeleton } from "../../../ui/Skeleton";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { Row, Section } from "../Section";
import { CopyDiagnostics } from "./CopyDiagnostics";

/** What somebody who helps may see: shown before it is saved, sent nowhere. */
export function Diagnostics() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section anchor="diagnostics" title={m.data_diagnostics()} text={m.data_diagnostics_text()}>
      <Row>
        <span className="flex flex-wrap gap-2">
          <Button icon={FileDown} onClick={() => setOpen(true)}>
            {m.data_diagnostics_show()}
          </Button>
          <CopyDiagnostics />
        </span>
      </Row>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={m.data_diagnostics_title()}
        description={m.data_diagnostics_inside()}
      >
        <Inside onDone={() => setOpen(false)} />
      </Dialog>
    </Section>
  );
}

function Inside({ onDone }: { onDone(): void }) {
  const platform = usePlatform();
  const { data, error } = useQuery(diagnosticsQuery(platform));
  const save = useDiagnosticsSave();
  const keep = async () => {
    try {
      const path = await platform.saveFile(`stallkeeper-diagnostics-${calendarDay(Date.now())}.zip`);
      if (path !== null) {
        // Whether a file that is there is replaced was asked where the place was chosen.
        save.mutate(
          { path, replace: true },
          {
            onSuccess: () => {
              notify({ title: m.data_diagnostics_saved(), description: path, tone: "settled" });
              onDone();
            },
          },
        );
      }
    } catch (reason) {
      notify({ title: m.data_diagnostics_not_saved(), description: messageOf(reason), tone: "failed" });
    }
  };
  return (
    <div className="flex flex-col gap-4">
      {data !== undefined ? (
        <ul className="divide-y rounded-control border">
          {data.files.map(({ name, bytes }) => (
            <li key={name} className="flex justify-between gap-4 px-3 py-1.5">
              <span className="break-all">{name}</span>
              <span className="shrink-0 text-text-2">{formatBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      ) : error !== null ? (
        <Refusal title={m.data_diagnostics_failed()} error={error} />
      ) : (
        <Skeleton className="h-32 w-full" />
      )}
      {save.error !== null && <Refusal title={m.data_diagnostics_not_saved()} error={save.error} />}
      <FormButtons onCancel={onDone}>
        <Button
          variant="primary"
          loading={save.isPending}
          disabled={data === undefined}
          onClick={() => void keep()}
        >
          {m.data_diagnostics_save()}
        </Button>
      </FormButtons>
    </div>
  );
}
