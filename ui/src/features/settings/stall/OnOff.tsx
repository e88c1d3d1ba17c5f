import { useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { Row } from "../Section";

interface Props {
  /** The setting's name. */
  setting: string;
  /** `on`, or empty. */
  value: string;
  title: string;
  text: string;
}

/** A setting that is on or off, at once. */
export function OnOff({ setting, value, title, text }: Props) {
  const { mutate, isPending, error } = useSettingSet();
  return (
    <Row
      title={title}
      text={text}
      control={
        <Switch
          label={title}
          labelHidden
          checked={value === "on"}
          disabled={isPending}
          onCheckedChange={(isOn) => mutate({ key: setting, value: isOn ? "on" : "" })}
        />
      }
    >
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
    </Row>
  );
}
