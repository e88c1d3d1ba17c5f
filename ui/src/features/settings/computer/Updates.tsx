import { Download, RefreshCw } from "lucide-react";
import { type Computer, useInstallUpdate, useLookForUpdate } from "../../../api/computer";
import { m } from "../../../i18n/paraglide/messages";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { Row, Section } from "../Section";

/** New versions, when somebody wants to know. */
export function Updates({ computer: { version, updates } }: { computer: Computer }) {
  const look = useLookForUpdate();
  const install = useInstallUpdate();
  const found = look.data ?? null;
  return (
    <Section title={m.computer_updates()} text={m.computer_updates_text()}>
      <Row
        title={m.computer_version({ version })}
        text={!updates && m.computer_updates_none()}
        control={
          updates && (
            <Button icon={RefreshCw} loading={look.isPending} onClick={() => look.mutate()}>
              {m.computer_look()}
            </Button>
          )
        }
      >
        {look.error !== null && <Refusal title={m.computer_look_failed()} error={look.error} />}
        <div role="status">{look.data === null && <p className="text-text-2">{m.computer_newest()}</p>}</div>
      </Row>
      {found !== null && (
        <Row
          title={m.computer_found({ version: found.version })}
          text={m.computer_install_text()}
          control={
            <Button
              variant="primary"
              icon={Download}
              loading={install.isPending}
              onClick={() => install.mutate()}
            >
              {m.computer_install()}
            </Button>
          }
        >
          {found.notes !== null && <p className="mt-2 break-words whitespace-pre-line">{found.notes}</p>}
          {install.error !== null && <Refusal title={m.computer_install_failed()} error={install.error} />}
        </Row>
      )}
    </Section>
  );
}
