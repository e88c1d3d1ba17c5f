import { useId } from "react";

interface Item<Value extends string> {
  value: Value;
  word: string;
  /** What it means, in one line. */
  text: string;
}

interface Props<Value extends string> {
  label: string;
  items: readonly Item<Value>[];
  value: Value;
  onValueChange(value: Value): void;
}

/** One of two things that need a line each to be told apart. */
export function RadioCards<Value extends string>({ label, items, value, onValueChange }: Props<Value>) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-body font-medium">{label}</legend>
      <div className="grid gap-2 min-[40rem]:grid-cols-2">
        {items.map((item) => (
          <label
            key={item.value}
            className="flex gap-2 rounded-control border border-control-border/50 px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={item.value}
              checked={value === item.value}
              onChange={() => onValueChange(item.value)}
              className="mt-1 size-3.5 shrink-0 accent-accent outline-none"
              aria-describedby={`${name}-${item.value}`}
              aria-label={item.word}
            />
            <span className="min-w-0">
              <span className="block font-medium">{item.word}</span>
              <span id={`${name}-${item.value}`} className="block text-caption text-text-2">
                {item.text}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
