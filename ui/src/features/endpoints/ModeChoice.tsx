import { useId } from "react";
import { m } from "../../i18n/paraglide/messages";
import type { Mode } from "./drafts";

interface Props {
  value: Mode;
  onValueChange(mode: Mode): void;
}

/** When the money moves, with what that means in one line each. */
export function ModeChoice({ value, onValueChange }: Props) {
  const name = useId();
  const modes = [
    { mode: "batched", word: m.endpoints_batched(), text: m.endpoints_batched_text() },
    { mode: "instant", word: m.endpoints_instant(), text: m.endpoints_instant_text() },
  ] as const;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-body font-medium">{m.endpoints_field_mode()}</legend>
      <div className="grid gap-2 min-[40rem]:grid-cols-2">
        {modes.map(({ mode, word, text }) => (
          <label
            key={mode}
            className="flex gap-2 rounded-control border border-control-border/50 px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={mode}
              checked={value === mode}
              onChange={() => onValueChange(mode)}
              className="mt-1 size-3.5 shrink-0 accent-accent outline-none"
              aria-describedby={`${name}-${mode}`}
              aria-label={word}
            />
            <span className="min-w-0">
              <span className="block font-medium">{word}</span>
              <span id={`${name}-${mode}`} className="block text-caption text-text-2">
                {text}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
