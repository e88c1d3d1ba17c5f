import { Link } from "@tanstack/react-router";
import type { NotifyEvent } from "../../../api/generated/NotifyEvent";
import type { NotifyItem } from "../../../api/generated/NotifyItem";
import { useNotifySet } from "../../../api/notify";
import { m } from "../../../i18n/messages";
import { Refusal } from "../../../ui/Refusal";
import { Switch } from "../../../ui/Switch";
import { Row, Section } from "../Section";

const EVENTS: Record<NotifyEvent, { title: () => string; text: () => string }> = {
  sale: { title: m.notify_sale, text: m.notify_sale_text },
  failure: { title: m.notify_failure, text: m.notify_failure_text },
  gas: { title: m.notify_gas, text: m.notify_gas_text },
  offline: { title: m.notify_offline, text: m.notify_offline_text },
  backup: { title: m.notify_backup, text: m.notify_backup_text },
  update: { title: m.notify_update, text: m.notify_update_text },
};

const WAYS = [
  { way: "toast", title: m.notify_toast },
  { way: "system", title: m.notify_system },
  { way: "sound", title: m.notify_sound },
] as const;

/** What is told, and in which ways. */
export function Events({ items }: { items: readonly NotifyItem[] }) {
  const { mutate, error } = useNotifySet();
  return (
    <Section title={m.notify_events()} text={m.notify_events_text()}>
      {items.map((item) => {
        const { title, text } = EVENTS[item.event];
        return (
          <Row
            key={item.event}
            title={title()}
            text={text()}
            control={
              <span className="flex flex-wrap gap-x-5 gap-y-1">
                {WAYS.map(({ way, title: name }) => (
                  <Switch
                    key={way}
                    label={
                      <>
                        <span className="sr-only">{title()}: </span>
                        {name()}
                      </>
                    }
                    checked={item[way]}
                    // Only what the system shows has its sound.
                    disabled={way === "sound" && !item.system}
                    onCheckedChange={(isOn) => mutate({ event: item.event, [way]: isOn })}
                  />
                ))}
              </span>
            }
          />
        );
      })}
      <Row>
        {error !== null && <Refusal title={m.notify_not_saved()} error={error} />}
        <Link to="/settings/webhooks" className="font-medium text-accent-text underline underline-offset-2">
          {m.notify_webhooks()}
        </Link>
      </Row>
    </Section>
  );
}
