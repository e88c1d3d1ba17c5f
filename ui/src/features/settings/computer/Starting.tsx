import { type Computer, useComputerSet } from "../../../api/computer";
import { m } from "../../../i18n/paraglide/messages";
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
