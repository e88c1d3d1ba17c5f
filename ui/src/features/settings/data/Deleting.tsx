import { useState } from "react";
import { useDataSpare } from "../../../api/data";
import type { DataFolderView } from "../../../api/generated/DataFolderView";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { QuitNow } from "../QuitNow";
import { Row, Section } from "../Section";
import { DeleteForm } from "./DeleteForm";
import { wordsOf } from "./words";

/** Deletes all that one environment has, at the next start, behind its typed name. */
export function Deleting({ data }: { data: DataFolderView }) {
  const [name, setName] = useState<string | null>(null);
  // What is at stake may become more while it is looked at.
  const chosen = data.environments.find(({ environment }) => environment === name);
  const spare = useDataSpare();
  const { deletion } = data;
  return (
    <Section title={m.data_delete()} text={m.data_delete_text()}>
      {deletion !== null ? (
        <Row
          title={wordsOf(deletion.environment).waits()}
          text={deletion.keys ? `${m.data_waits_text()} ${m.data_waits_key()}` : m.data_waits_text()}
          control={
            <span className="flex flex-wrap gap-2">
              <QuitNow />
              <Button loading={spare.isPending} onClick={() => spare.mutate(null)}>
                {m.data_spare()}
              </Button>
            </span>
          }
        >
          {deletion.problem !== null && <p className="mt-2 text-failed break-words">{deletion.problem}</p>}
          {spare.error !== null && <Refusal title={m.data_spare_failed()} error={spare.error} />}
        </Row>
      ) : (
        data.environments.map((held) => (
          <Row
            key={held.environment}
            title={wordsOf(held.environment).name()}
            control={
              <Button size="sm" variant="danger" onClick={() => setName(held.environment)}>
                {m.data_delete_do()}
                <span className="sr-only">{wordsOf(held.environment).name()}</span>
              </Button>
            }
          />
        ))
      )}
      <Dialog
        open={chosen !== undefined}
        onOpenChange={() => setName(null)}
        title={chosen === undefined ? "" : wordsOf(chosen.environment).question()}
      >
        {chosen !== undefined && (
          <DeleteForm held={chosen} keyWord={data.keyWord} onDone={() => setName(null)} />
        )}
      </Dialog>
    </Section>
  );
}
