import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Tooltip } from "./Tooltip";

interface Props extends Omit<ComponentProps<"button">, "children" | "aria-label"> {
  icon: LucideIcon;
  /** What it does, for those who hear it and for the hint. */
  label: string;
  size?: "md" | "sm";
}

/** A button that is only an icon; its words are in its label. */
export function IconButton({ icon: Icon, label, size = "md", className, ...rest }: Props) {
  return (
    <Tooltip label={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cn(
          "icon-button inline-flex shrink-0 items-center justify-center rounded-control transition-colors duration-120 hover:bg-surface-2 aria-pressed:bg-surface-2 aria-pressed:text-text",
          size === "md" ? "size-8" : "size-6",
          className,
        )}
      >
        <Icon aria-hidden className={size === "md" ? "size-4" : "size-3.5"} strokeWidth={1.5} />
      </button>
    </Tooltip>
  );
}
