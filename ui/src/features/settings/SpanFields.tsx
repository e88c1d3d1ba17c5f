import { m } from "../../i18n/messages";
import type { Span, SpanUnit } from "../../lib/span";
import { UNITS } from "../../lib/span";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";

interface Props {
  /** What the length of time is of. */
  label: string;
  span: Span;
  onSpanChange(span: Span): void;
  error?: string | undefined;
}

/** A length of time: how many, and of what. */
export function SpanFields({ label, span, onSpanChange, error }: Props) {
  return (
    <Field label={label} labelHidden error={error}>
      <span className="flex max-w-60 gap-2">
        <Input
          inputMode="numeric"
          value={span.count}
          onValueChange={(count) => onSpanChange({ ...span, count })}
          className="w-20 tabular-nums"
        />
        <Field label={m.schedule_unit({ what: label })} labelHidden>
          <Select
            value={span.unit}
            onValueChange={(unit: SpanUnit) => onSpanChange({ ...span, unit })}
            items={UNITS.map((unit) => ({ value: unit, label: unitWord(unit) }))}
          />
        </Field>
      </span>
    </Field>
  );
}

function unitWord(unit: SpanUnit): string {
  switch (unit) {
    case "m":
      return m.schedule_minutes();
    case "h":
      return m.schedule_hours();
    case "d":
      return m.schedule_days();
  }
}
