import { KeyRound, ListChecks, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import type { WebhookSecretView } from "../../../api/generated/WebhookSecretView";
import type { WebhookView } from "../../../api/generated/WebhookView";
import { useSecretCommand } from "../../../api/wallet";
import { useWebhookRemove, useWebhookSet, useWebhookTest } from "../../../api/webhooks";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { AlertDialog } from "../../../ui/AlertDialog";
import { Button } from "../../../ui/Button";
import { Menu } from "../../../ui/Menu";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { TimeAgo } from "../../../ui/TimeAgo";
import { notify } from "../../../ui/toast";
import { Row } from "../Section";
import { EventsDialog } from "./EventsDialog";
import { WebhookBadge } from "./WebhookBadge";

interface Props {
  webhook: WebhookView;
  /** Everything that can be asked for. */
  events: readonly string[];
  onSecret(made: WebhookSecretView): void;
}

type Asking = "events" | "secret" | "remove" | null;

/** Somebody who is told what happens, and what can be done about it. */
export function WebhookRow({ webhook, events, onSecret }: Props) {
  const { id, url, on, state, sentence, waiting, dead, failingSince, changingUntil } = webhook;
  const [asking, setAsking] = useState<Asking>(null);
  const set = useWebhookSet();
  const test = useWebhookTest();
  const refused = (title: string) => ({
    onError: ({ message }: { message: string }) =>
      notify({ title, description: message, tone: "failed" as const }),
  });
  const send = () =>
    test.mutate(
      { id },
      {
        onSuccess: ({ state: end, sentence: said }) =>
          notify({
            title: end === "delivered" ? m.webhooks_test_taken() : m.webhooks_test_not_taken(),
            description: said,
            tone: end === "delivered" ? "settled" : "failed",
          }),
        ...refused(m.webhooks_test_failed()),
      },
    );
  const close = (isOpen: boolean) => !isOpen && setAsking(null);
  return (
    <Row
      title={
        <span className="flex flex-wrap items-center gap-2">
          <bdi className="break-all">{url}</bdi>
          <WebhookBadge state={state} />
        </span>
      }
      text={<span className="break-words">{sentence}</span>}
      control={
        <span className="flex items-center gap-2">
          <Switch
            label={m.webhooks_switch({ url })}
            labelHidden
            checked={on}
            disabled={set.isPending}
            onCheckedChange={(isOn) => set.mutate({ id, on: isOn }, refused(m.settings_not_saved()))}
          />
          <Button size="sm" icon={Send} loading={test.isPending} onClick={send}>
            {m.webhooks_test()}
          </Button>
          <Menu
            size="sm"
            label={m.webhooks_more({ url })}
            items={[
              {
                name: "events",
                label: m.webhooks_events_open(),
                icon: ListChecks,
                onSelect: () => setAsking("events"),
              },
              {
                name: "secret",
                label: m.webhooks_rotate_open(),
                icon: KeyRound,
                onSelect: () => setAsking("secret"),
              },
              {
                name: "remove",
                label: m.webhooks_remove_open(),
                icon: Trash2,
                danger: true,
                onSelect: () => setAsking("remove"),
              },
            ]}
          />
        </span>
      }
    >
      <p className="mt-1 text-caption text-text-2">
        {webhook.events.length === events.length
          ? m.webhooks_all_events()
          : m.webhooks_some_events({ events: webhook.events.join(", ") })}
        {waiting > 0 && ` · ${m.webhooks_waiting_count({ count: formatCount(waiting) })}`}
        {dead > 0 && ` · ${m.webhooks_dead_count({ count: formatCount(dead) })}`}
      </p>
      {failingSince !== null && (
        <p className="text-caption text-text-2">
          {m.webhooks_failing_since()} <TimeAgo at={failingSince} />
        </p>
      )}
      {changingUntil !== null && (
        <p className="text-caption text-text-2">
          {m.webhooks_changing_until()} <TimeAgo at={changingUntil} />
        </p>
      )}
      <EventsDialog webhook={webhook} all={events} open={asking === "events"} onOpenChange={close} />
      <NewSecret webhook={webhook} open={asking === "secret"} onOpenChange={close} onSecret={onSecret} />
      <Remove webhook={webhook} open={asking === "remove"} onOpenChange={close} />
    </Row>
  );
}

interface QuestionProps {
  webhook: WebhookView;
  open: boolean;
  onOpenChange(open: boolean): void;
}

function NewSecret({
  webhook: { id, url },
  open,
  onOpenChange,
  onSecret,
}: QuestionProps & Pick<Props, "onSecret">) {
  const { isPending, error, send, reset } = useSecretCommand("webhook_rotate");
  const change = (isOpen: boolean) => {
    reset();
    onOpenChange(isOpen);
  };
  const make = async () => {
    const made = await send({ id });
    if (made !== null) {
      change(false);
      onSecret(made);
    }
  };
  return (
    <AlertDialog
      open={open}
      onOpenChange={change}
      title={m.webhooks_rotate_title()}
      description={m.webhooks_rotate_text({ url })}
      confirm={
        <Button variant="primary" loading={isPending} onClick={() => void make()}>
          {m.webhooks_rotate()}
        </Button>
      }
    >
      {error !== null && <Refusal title={m.webhooks_rotate_failed()} error={error} />}
    </AlertDialog>
  );
}

function Remove({ webhook: { id, url }, open, onOpenChange }: QuestionProps) {
  const { mutate, isPending, error, reset } = useWebhookRemove();
  const change = (isOpen: boolean) => {
    reset();
    onOpenChange(isOpen);
  };
  const removed = () => {
    change(false);
    notify({ title: m.webhooks_removed({ url }), tone: "neutral" });
  };
  return (
    <AlertDialog
      open={open}
      onOpenChange={change}
      title={m.webhooks_remove_title({ url })}
      description={m.webhooks_remove_text()}
      confirm={
        <Button variant="danger" loading={isPending} onClick={() => mutate({ id }, { onSuccess: removed })}>
          {m.webhooks_remove()}
        </Button>
      }
    >
      {error !== null && <Refusal title={m.webhooks_remove_failed()} error={error} />}
    </AlertDialog>
  );
}
