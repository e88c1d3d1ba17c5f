import { m } from "../../../i18n/messages";
import { eventText } from "./words";

interface Props {
  /** Everything that can be asked for. */
  all: readonly string[];
  chosen: readonly string[];
  onChosenChange(events: string[]): void;
  error?: string | undefined;
}

/** What a webhook is told. */
export function EventPicker({ all, chosen, onChosenChange, error }: Props) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{m.webhooks_events()}</legend>
      {all.map((event) => (
        <label key={event} className="flex items-start gap-2 rounded-control py-1">
          <input
            type="checkbox"
            aria-label={event}
            checked={chosen.includes(event)}
            aria-invalid={error === undefined ? undefined : true}
            onChange={({ target }) =>
              onChosenChange(all.filter((one) => (one === event ? target.checked : chosen.includes(one))))
            }
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0">
            <span className="block font-mono text-caption">{event}</span>
            <span className="block text-caption text-text-2">{eventText(event)}</span>
          </span>
        </label>
      ))}
      {error !== undefined && <p className="text-caption text-failed">{error}</p>}
    </fieldset>
  );
}
