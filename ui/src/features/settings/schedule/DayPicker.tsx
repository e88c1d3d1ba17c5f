import { m } from "../../../i18n/messages";
import { dateFormats } from "../../../lib/formats";
import { DAYS, type Day } from "./draft";

/** A Monday. */
const MONDAY = Date.UTC(2026, 10, 23);
const DAY = 86_400_000;

const LONG = dateFormats({ weekday: "long", timeZone: "UTC" });
const SHORT = dateFormats({ weekday: "short", timeZone: "UTC" });

interface Props {
  days: readonly Day[];
  onDaysChange(days: readonly Day[]): void;
}

/** Some days of the week. */
export function DayPicker({ days, onDaysChange }: Props) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{m.schedule_weekdays()}</legend>
      {DAYS.map((day, place) => {
        const at = MONDAY + place * DAY;
        const isOn = days.includes(day);
        return (
          <label
            key={day}
            className="relative inline-flex min-h-7 items-center rounded-full border border-control-border/50 bg-surface px-2.5 has-checked:border-accent-text has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent-text has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-1"
          >
            <input
              type="checkbox"
              checked={isOn}
              aria-label={LONG().format(at)}
              onChange={() =>
                onDaysChange(DAYS.filter((other) => (other === day ? !isOn : days.includes(other))))
              }
              className="absolute inset-0 appearance-none rounded-full outline-none"
            />
            <span aria-hidden>{SHORT().format(at)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
