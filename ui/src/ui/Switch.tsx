import { Switch as Base } from "@base-ui/react/switch";
import type { ReactNode } from "react";
import { cn } from "./cn";

interface Props {
  checked: boolean;
  onCheckedChange(checked: boolean): void;
  label: ReactNode;
  /** Keeps the label for those who hear it only. */
  labelHidden?: boolean;
  disabled?: boolean;
}

/** Something that is on or off, at once. */
export function Switch({ checked, onCheckedChange, label, labelHidden = false, disabled = false }: Props) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control
    <label className="inline-flex min-h-6 items-center gap-2">
      <Base.Root
        checked={checked}
        onCheckedChange={onCheckedChange}
        disabled={disabled}
        className="inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-control-border bg-surface-2 p-0.5 transition-colors duration-120 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-60"
      >
        <Base.Thumb className="size-3.5 rounded-full bg-control-border transition-transform duration-120 data-checked:translate-x-4 data-checked:bg-on-accent" />
      </Base.Root>
      <span className={cn(labelHidden && "sr-only")}>{label}</span>
    </label>
  );
}
