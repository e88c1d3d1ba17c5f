import { type FormEvent, useState } from "react";
import type { NotifyView } from "../../../api/generated/NotifyView";
import { useNotifySet } from "../../../api/notify";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { Row } from "../Section";

const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/;
const USUAL = "22:00-07:00";

/** When neither the system shows anything nor a sound is heard. */
export function Quiet({ view: { quiet, quietNow, zone } }: { view: NotifyView }) {
  const { mutate, isPending, error } = useNotifySet();
  return (
    <Row
      title={m.notify_quiet()}
      text={m.notify_quiet_text({ zone })}
      control={
        <Switch
          label={m.notify_quiet()}
          labelHidden
          checked={quiet !== null}
          disabled={isPending}
          onCheckedChange={(isOn) => mutate({ quiet: isOn ? USUAL : "" })}
        />
      }
    >
      {quiet !== null && <Times saved={quiet} />}
      <div role="status">
        {quietNow && <p className="text-caption text-text-2">{m.notify_quiet_now()}</p>}
      </div>
      {error !== null && <Refusal title={m.notify_not_saved()} error={error} />}
    </Row>
  );
}

function Times({ saved }: { saved: string }) {
  const { mutate, isPending, error } = useNotifySet();
  const [savedFrom = "", savedTo = ""] = saved.split("-");
  const [from, setFrom] = useState(savedFrom);
  const [to, setTo] = useState(savedTo);
  const [tried, setTried] = useState(false);
  const [known, setKnown] = useState(saved);
  if (known !== saved) {
    setKnown(saved);
    setFrom(savedFrom);
    setTo(savedTo);
    setTried(false);
  }
  const isWrong = !TIME.test(from.trim()) || !TIME.test(to.trim()) || from.trim() === to.trim();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isWrong || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    mutate(
      { quiet: `${from.trim()}-${to.trim()}` },
      { onSuccess: () => notify({ title: m.notify_saved(), tone: "settled" }) },
    );
  };
  const wrong = tried && isWrong ? m.notify_time_wrong() : undefined;
  return (
    <form onSubmit={submit} noValidate className="mt-2 flex flex-wrap items-start gap-3">
      <span className="w-28">
        <Field label={m.notify_from()} error={wrong}>
          <Input value={from} onValueChange={setFrom} />
        </Field>
      </span>
      <span className="w-28">
        <Field label={m.notify_to()}>
          <Input value={to} onValueChange={setTo} />
        </Field>
      </span>
      <Button
        type="submit"
        size="sm"
        className="mt-6"
        loading={isPending}
        disabled={from === savedFrom && to === savedTo}
      >
        {m.settings_save()}
      </Button>
      {error !== null && <Refusal title={m.notify_not_saved()} error={error} />}
    </form>
  );
}
