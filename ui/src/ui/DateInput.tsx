import { useState } from "react";
import { isDay } from "../lib/period";
import { cn } from "./cn";
import { controlLook } from "./Input";

interface Props {
  /** What the day is, for those who hear it. */
  label: string;
  /** A day, such as `2026-11-01`. */
  value: string;
  min?: string;
  max?: string;
  /** Hears days only: what is half typed is none. */
  onChange(day: string): void;
  /** Hears that somebody is done with it. */
  onLeave?(): void;
}

/** A day that is typed or chosen. */
export function DateInput({ label, value, min, max, onChange, onLeave }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="date"
      aria-label={label}
      value={typed ?? value}
      min={min}
      max={max}
      placeholder="2026-11-01"
      onChange={({ target }) => {
        setTyped(target.value);
        if (isDay(target.value)) {
          onChange(target.value);
        }
      }}
      onBlur={() => {
        setTyped(null);
        onLeave?.();
      }}
      className={cn(controlLook, "min-h-7 w-36 px-2.5 text-body tabular-nums")}
    />
  );
}
