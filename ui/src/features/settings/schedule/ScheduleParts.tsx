import type { ScheduleView } from "../../../api/generated/ScheduleView";
import { m } from "../../../i18n/messages";
import { formatDecimal } from "../../../lib/money";
import { Choice } from "../../../ui/Choice";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Select } from "../../../ui/Select";
import { Part } from "../Part";
import { SpanFields } from "../SpanFields";
import { DayPicker } from "./DayPicker";
import { type Draft, type DraftField, isManual } from "./draft";
import { gasWords } from "./gas";
import { zonesWith } from "./zones";

interface Props {
  draft: Draft;
  onDraftChange(draft: Draft): void;
  /** What is wrong with a field, as a sentence. */
  errorOf(field: DraftField): string | undefined;
  /** The schedule as it is. */
  view: ScheduleView;
  token: string;
}

/** When the queue is settled by itself: at times of its own, and when enough waits. */
export function TimeParts({ draft, onDraftChange, errorOf, token }: Props) {
  const { every, daily, weekly, amount, count, zone } = draft;
  const change = (part: Partial<Draft>) => onDraftChange({ ...draft, ...part });
  return (
    <>
      <Part label={m.schedule_every()} on={every.on} onSwitch={(on) => change({ every: { ...every, on } })}>
        <SpanFields
          label={m.schedule_every()}
          span={every}
          onSpanChange={(span) => change({ every: { ...every, ...span } })}
          error={errorOf("every")}
        />
      </Part>
      <Part label={m.schedule_daily()} on={daily.on} onSwitch={(on) => change({ daily: { ...daily, on } })}>
        <TimeField
          label={m.schedule_daily()}
          at={daily.at}
          onAtChange={(at) => change({ daily: { ...daily, at } })}
          error={errorOf("daily")}
        />
      </Part>
      <Part
        label={m.schedule_weekly()}
        on={weekly.on}
        onSwitch={(on) => change({ weekly: { ...weekly, on } })}
      >
        <div className="flex flex-col gap-2">
          <DayPicker days={weekly.days} onDaysChange={(days) => change({ weekly: { ...weekly, days } })} />
          <TimeField
            label={m.schedule_weekly_at()}
            at={weekly.at}
            onAtChange={(at) => change({ weekly: { ...weekly, at } })}
            error={errorOf("weekly")}
          />
        </div>
      </Part>
      {(daily.on || weekly.on) && (
        <Part label={m.schedule_zone()}>
          <Select
            label={m.schedule_zone()}
            value={zone}
            onValueChange={(chosen) => change({ zone: chosen })}
            items={zonesWith(zone).map((name) => ({ value: name, label: name.replaceAll("_", " ") }))}
            className="max-w-60"
          />
        </Part>
      )}
      <Part
        label={m.schedule_amount()}
        on={amount.on}
        onSwitch={(on) => change({ amount: { ...amount, on } })}
      >
        <Field label={m.schedule_amount()} labelHidden error={errorOf("amount")}>
          <Input
            before="$"
            after={token}
            inputMode="decimal"
            value={amount.text}
            onValueChange={(text) => change({ amount: { ...amount, text } })}
            className="max-w-60 tabular-nums"
          />
        </Field>
      </Part>
      <Part label={m.schedule_count()} on={count.on} onSwitch={(on) => change({ count: { ...count, on } })}>
        <Field label={m.schedule_count()} labelHidden error={errorOf("count")}>
          <Input
            inputMode="numeric"
            after={m.schedule_count_unit()}
            value={count.text}
            onValueChange={(text) => change({ count: { ...count, text } })}
            className="max-w-60 tabular-nums"
          />
        </Field>
      </Part>
    </>
  );
}

/** What a run may pay for gas, and what becomes of one that finds it dearer. */
export function GasParts({ draft, onDraftChange, errorOf, view }: Props) {
  const { ceiling, wait } = draft;
  const change = (part: Partial<Draft>) => onDraftChange({ ...draft, ...part });
  const manual = isManual(draft);
  if (manual) {
    return <p className="py-2 text-text-2">{m.schedule_gas_manual()}</p>;
  }
  return (
    <>
      <Part
        label={m.schedule_ceiling()}
        on={ceiling.on}
        onSwitch={(on) => change({ ceiling: { ...ceiling, on } })}
      >
        <Field
          label={m.schedule_ceiling()}
          labelHidden
          description={
            view.gasNow === null
              ? m.schedule_gas_unknown()
              : m.schedule_gas_is({ price: gasWords(view.gasNow) })
          }
          error={errorOf("ceiling")}
        >
          <Input
            inputMode="decimal"
            after="gwei"
            placeholder={m.ui_amount_example({ example: formatDecimal("0.5") })}
            value={ceiling.text}
            onValueChange={(text) => change({ ceiling: { ...ceiling, text } })}
            className="max-w-60 tabular-nums"
          />
        </Field>
      </Part>
      {ceiling.on && (
        <Part label={m.schedule_above()}>
          <Choice
            label={m.schedule_above()}
            items={[
              { value: "wait", label: m.schedule_above_wait() },
              { value: "skip", label: m.schedule_above_skip() },
            ]}
            value={wait ? "wait" : "skip"}
            onValueChange={(chosen) => change({ wait: chosen === "wait" })}
          />
          <p className="mt-1 text-caption text-text-2">
            {wait ? m.schedule_above_wait_text() : m.schedule_above_skip_text()}
          </p>
        </Part>
      )}
    </>
  );
}

interface TimeProps {
  label: string;
  at: string;
  onAtChange(at: string): void;
  error: string | undefined;
}

function TimeField({ label, at, onAtChange, error }: TimeProps) {
  return (
    <Field label={label} labelHidden error={error}>
      <Input value={at} onValueChange={onAtChange} placeholder="18:00" className="max-w-28 tabular-nums" />
    </Field>
  );
}
