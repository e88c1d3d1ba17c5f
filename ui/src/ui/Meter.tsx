import { m } from "../i18n/messages";
import { cn } from "./cn";

interface Props {
  /** What is measured. */
  label: string;
  /** How much of it is used, in whole hundredths. */
  percent: number;
  className?: string;
}

/** From here on little is left. */
const CLOSE = 80;

/** How much of something is used, as a bar. The figures stand beside it. */
export function Meter({ label, percent, className }: Props) {
  const shown = Math.min(percent, 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the engines draw a <meter> each in colours of its own
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown}
      aria-valuetext={m.ui_meter_value({ percent })}
      className={cn("h-1.5 overflow-hidden rounded-full bg-surface-2 outline-1 outline-border", className)}
    >
      <div
        className={cn(
          "h-full min-w-1 rounded-full",
          percent >= 100 ? "bg-failed" : percent >= CLOSE ? "bg-warning" : "bg-accent",
          percent === 0 && "invisible",
        )}
        style={{ width: `${shown}%` }}
      />
    </div>
  );
}
