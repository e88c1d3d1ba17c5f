import { type FormEvent, useState } from "react";
import type { WebhookView } from "../../../api/generated/WebhookView";
import { useWebhookSet } from "../../../api/webhooks";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Refusal } from "../../../ui/Refusal";
import { FormButtons } from "../FormButtons";
import { EventPicker } from "./EventPicker";

interface Props {
  webhook: WebhookView;
  all: readonly string[];
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** What a webhook is told from now on. */
export function EventsDialog({ webhook, all, open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={m.webhooks_events_title()}
      description={webhook.url}
    >
      <EventsForm webhook={webhook} all={all} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function EventsForm({
  webhook,
  all,
  onDone,
}: {
  webhook: WebhookView;
  all: readonly string[];
  onDone(): void;
}) {
  const { mutate, isPending, error } = useWebhookSet();
  const [chosen, setChosen] = useState(webhook.events);
  const isEmpty = chosen.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isEmpty) {
      mutate({ id: webhook.id, events: chosen }, { onSuccess: onDone });
    }
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <EventPicker
        all={all}
        chosen={chosen}
        onChosenChange={setChosen}
        error={isEmpty ? m.webhooks_events_none() : undefined}
      />
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending} disabled={isEmpty}>
          {m.settings_save()}
        </Button>
      </FormButtons>
    </form>
  );
}
