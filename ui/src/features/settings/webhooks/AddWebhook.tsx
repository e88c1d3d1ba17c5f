import { type FormEvent, useState } from "react";
import type { WebhookSecretView } from "../../../api/generated/WebhookSecretView";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { FormButtons } from "../FormButtons";
import { isNodeUrl } from "../networks/nodes";
import { goToProblem } from "../problem";
import { EventPicker } from "./EventPicker";

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Everything that can be asked for. */
  events: readonly string[];
  onAdded(added: WebhookSecretView): void;
}

/** Somebody new to tell. */
export function AddWebhook({ open, onOpenChange, ...rest }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.webhooks_add_title()}
      description={m.webhooks_add_text()}
    >
      <AddForm {...rest} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function AddForm({ events, onAdded, onDone }: Pick<Props, "events" | "onAdded"> & { onDone(): void }) {
  const { isPending, error, send, reset } = useSecretCommand("webhook_add");
  const [url, setUrl] = useState("");
  const [chosen, setChosen] = useState<string[]>([...events]);
  const [allow, setAllow] = useState(false);
  const [tried, setTried] = useState(false);
  const isUrl = isNodeUrl(url.trim());
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (!isUrl || chosen.length === 0) {
      goToProblem(form);
      return;
    }
    const added = await send({
      url: url.trim(),
      ...(chosen.length < events.length && { events: chosen }),
      ...(allow && { allow }),
    });
    if (added !== null) {
      onDone();
      onAdded(added);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <Field
        label={m.webhooks_url()}
        description={m.webhooks_url_hint()}
        error={tried && !isUrl ? m.webhooks_url_wrong() : undefined}
      >
        <Input
          inputMode="url"
          placeholder="https://"
          value={url}
          onValueChange={(next) => {
            setUrl(next);
            reset();
          }}
        />
      </Field>
      <EventPicker
        all={events}
        chosen={chosen}
        onChosenChange={setChosen}
        error={tried && chosen.length === 0 ? m.webhooks_events_none() : undefined}
      />
      <div>
        <Switch label={m.webhooks_allow()} checked={allow} onCheckedChange={setAllow} />
        <p className="text-caption text-text-2">{m.webhooks_allow_text()}</p>
      </div>
      {error !== null && <Refusal title={m.webhooks_add_failed()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.webhooks_add()}
        </Button>
      </FormButtons>
    </form>
  );
}
