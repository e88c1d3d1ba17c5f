import { Check, Copy } from "lucide-react";
import { m } from "../i18n/messages";
import { Button } from "./Button";
import { cn } from "./cn";
import { IconButton } from "./IconButton";
import { useCopy } from "./useCopy";

interface Props {
  text: string;
  /** What is copied, such as "the link": for the label. */
  what?: string;
  /** Words on the button; without them it is an icon. */
  label?: string;
  size?: "md" | "sm";
  variant?: "primary" | "secondary" | "ghost";
  className?: string;
}

/** Copies at one press: it becomes a tick and is announced. */
export function CopyButton({ text, what, label, size = "sm", variant = "secondary", className }: Props) {
  const { copied, copy } = useCopy();
  const icon = copied ? Check : Copy;
  if (label !== undefined) {
    return (
      <Button icon={icon} size={size} variant={variant} className={cn(className)} onClick={() => copy(text)}>
        {copied ? m.ui_copied() : label}
      </Button>
    );
  }
  return (
    <IconButton
      icon={icon}
      size={size}
      label={what === undefined ? m.ui_copy() : m.ui_copy_what({ what })}
      className={cn(copied && "text-settled hover:text-settled", className)}
      onClick={(event) => {
        event.stopPropagation();
        copy(text);
      }}
    />
  );
}
