import { RefreshCw } from "lucide-react";
import { type Computer, useComputerSet, useInstallUpdate, useLookForUpdate } from "../../../api/computer";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { Row, Section } from "../Section";
import { InstallButton } from "./InstallButton";

/** New versions, when somebody wants to know. */
export function Updates({ computer: { version, updates, lookDaily, found } }: { computer: Computer }) {
  const look = useLookForUpdate();
  const install = useInstallUpdate();
  const set = useComputerSet();
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
      {updates && (
        <Row
          title={m.computer_look_daily()}
          text={m.computer_look_daily_text()}
          control={
            <Switch
              label={m.computer_look_daily()}
              labelHidden
              checked={lookDaily}
              onCheckedChange={(isOn) => set.mutate({ lookDaily: isOn })}
            />
          }
        >
          {set.error !== null && <Refusal title={m.computer_not_saved()} error={set.error} />}
        </Row>
      )}
      {found !== null && (
        <Row
          title={m.computer_found({ version: found.version })}
          text={m.computer_install_text()}
          control={<InstallButton busy={install.isPending} onInstall={() => install.mutate()} />}
        >
          {found.notes !== null && <p className="mt-2 break-words whitespace-pre-line">{found.notes}</p>}
          {install.error !== null && <Refusal title={m.computer_install_failed()} error={install.error} />}
        </Row>
      )}
    </Section>
  );
}
