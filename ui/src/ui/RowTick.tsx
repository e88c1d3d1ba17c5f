import { useRef } from "react";
import { m } from "../i18n/messages";

interface TickProps {
  checked: boolean;
  /** Whether Tab comes to it: one row of all is reached so. */
  reached: boolean;
  onChange(range: boolean): void;
}

/** Chooses a row beside others; with Shift, all between. */
export function RowTick({ checked, reached, onChange }: TickProps) {
  const range = useRef(false);
  return (
    <label className="-m-2 flex p-2">
      <input
        type="checkbox"
        checked={checked}
        tabIndex={reached ? 0 : -1}
        aria-label={m.ui_table_choose()}
        onClick={(event) => {
          range.current = event.shiftKey;
        }}
        onChange={() => onChange(range.current)}
        className="size-4 accent-accent"
      />
    </label>
  );
}
