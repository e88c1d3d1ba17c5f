import { useQuery } from "@tanstack/react-query";
import { type Computer, useComputerSet } from "../../../api/computer";
import { usePlatform } from "../../../api/platform-context";
import { settingsQuery, useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { Row, Section } from "../Section";

/** When the program starts, and what closing its window does. */
export function Starting({ computer }: { computer: Computer }) {
  const { mutate, error } = useComputerSet();
  const { startAtLogin, startAtLoginPossible, closeToTray, tray } = computer;
  return (
    <Section title={m.computer_starting()} text={m.computer_starting_text()}>
      <Row
        title={m.computer_login()}
        text={
          startAtLogin === null
            ? m.computer_login_unknown()
            : startAtLoginPossible
              ? m.computer_login_text()
              : m.computer_login_other()
        }
        control={
          // What is on can always be switched off.
          startAtLogin !== null &&
          (startAtLoginPossible || startAtLogin) && (
            <Switch
              label={m.computer_login()}
              labelHidden
              checked={startAtLogin}
              onCheckedChange={(isOn) => mutate({ startAtLogin: isOn })}
            />
          )
        }
      />
      <OpenAtStart />
      <Row
        title={m.computer_close()}
        text={tray ? m.computer_close_text() : m.computer_close_no_tray()}
        control={
          <Switch
            label={m.computer_close()}
            labelHidden
            checked={closeToTray}
            onCheckedChange={(isOn) => mutate({ closeToTray: isOn })}
          />
        }
      >
        {error !== null && <Refusal title={m.computer_not_saved()} error={error} />}
      </Row>
    </Section>
  );
}

const AT_START = "selling-at-start";

/** Whether a start opens the stall again. */
function OpenAtStart() {
  const { data } = useQuery(settingsQuery(usePlatform()));
  const { mutate, error, isPending } = useSettingSet();
  const setting = data?.items.find(({ key }) => key === AT_START);
  return (
    setting !== undefined && (
      <Row
        title={m.computer_open_at_start()}
        text={m.computer_open_at_start_text()}
        control={
          <Switch
            label={m.computer_open_at_start()}
            labelHidden
            checked={setting.value === null}
            disabled={isPending}
            onCheckedChange={(isOn) => mutate({ key: AT_START, value: isOn ? "" : "closed" })}
          />
        }
      >
        {error !== null && <Refusal title={m.computer_not_saved()} error={error} />}
      </Row>
    )
  );
}
