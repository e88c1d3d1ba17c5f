import type { ReactNode } from "react";
import { Switch } from "../../ui/Switch";

interface Props {
  label: string;
  /** Whether it is chosen; left out where it always counts. */
  on?: boolean;
  onSwitch?(on: boolean): void;
  children: ReactNode;
}

/** A line of a longer form: what it is about, switched on or off, and beside it what is filled in then. */
export function Part({ label, on = true, onSwitch, children }: Props) {
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-1 py-2">
      <div className="flex min-h-8 flex-[1_1_12rem] items-center">
        {onSwitch === undefined ? (
          <span className="font-medium">{label}</span>
        ) : (
          <Switch label={label} checked={on} onCheckedChange={onSwitch} />
        )}
      </div>
      <div className="min-h-8 min-w-0 flex-[2_1_18rem]">{on && children}</div>
    </div>
  );
}
