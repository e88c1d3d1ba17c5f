import { useId } from "react";
import { cn } from "./cn";

interface Item<Value extends string> {
  value: Value;
  label: string;
}

interface Props<Value extends string> {
  /** What is chosen here. */
  label: string;
  items: readonly Item<Value>[];
  value: Value;
  onValueChange(value: Value): void;
  className?: string;
}

/** One of a few words that stand side by side. The arrow keys go from one to the next. */
export function Choice<Value extends string>({
  label,
  items,
  value,
  onValueChange,
  className,
}: Props<Value>) {
  const name = useId();
  return (
    <fieldset
      className={cn("inline-flex max-w-full flex-wrap gap-0.5 rounded-control bg-surface-2 p-0.5", className)}
    >
      <legend className="sr-only">{label}</legend>
      {items.map((item) => (
        <label
          key={item.value}
          className="relative inline-flex min-h-6 items-center rounded-[4px] border border-transparent px-2.5 font-medium text-text-2 hover:text-text has-checked:border-border has-checked:bg-surface has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-1"
        >
          <input
            type="radio"
            name={name}
            value={item.value}
            checked={item.value === value}
            onChange={() => onValueChange(item.value)}
            className="absolute inset-0 appearance-none rounded-[4px] outline-none"
          />
          {item.label}
        </label>
      ))}
    </fieldset>
  );
}
