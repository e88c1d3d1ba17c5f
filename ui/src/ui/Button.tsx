import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle, type LucideIcon } from "lucide-react";
import { type ComponentProps, type MouseEvent, useId } from "react";
import { cn } from "./cn";

/** The look of a button, for a link that should look like one. */
export const buttonLook = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium transition-colors duration-120 select-none aria-disabled:cursor-not-allowed",
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover aria-disabled:border-border aria-disabled:bg-surface-2 aria-disabled:text-text-3",
        secondary:
          "border-control-border/50 bg-surface text-text not-aria-disabled:hover:bg-surface-2 aria-disabled:border-border aria-disabled:text-text-3",
        ghost:
          "border-transparent bg-transparent text-text-2 not-aria-disabled:hover:bg-surface-2 not-aria-disabled:hover:text-text aria-disabled:text-text-3",
        ghostDanger:
          "border-transparent bg-transparent text-failed not-aria-disabled:hover:bg-surface-2 aria-disabled:text-text-3",
        chosen:
          "border-accent-text bg-accent-soft text-accent-text not-aria-disabled:hover:bg-surface-2 aria-disabled:border-border aria-disabled:text-text-3",
        danger:
          "border-control-border/50 bg-surface text-failed not-aria-disabled:hover:bg-failed-soft aria-disabled:border-border aria-disabled:text-text-3",
      },
      size: { md: "min-h-8 px-3 py-1 text-body", sm: "min-h-7 px-2.5 py-0.5 text-body" },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

interface Props extends Omit<ComponentProps<"button">, "disabled">, VariantProps<typeof buttonLook> {
  icon?: LucideIcon | undefined;
  /** Something is under way: the button keeps its place and does nothing. */
  loading?: boolean | undefined;
  /** Why it cannot be pressed now, as a sentence that stands beside it. Null or left out: it can be pressed. */
  reason?: string | null | undefined;
  disabled?: boolean | undefined;
}

/** A button. One that cannot be pressed keeps its focus and says why. */
export function Button({
  variant,
  size,
  icon: Icon,
  loading = false,
  reason = null,
  disabled = false,
  className,
  onClick,
  children,
  ...rest
}: Props) {
  const reasonId = useId();
  const off = disabled || loading || reason !== null;
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      onClick?.(event);
    }
  };
  const button = (
    <button
      type="button"
      {...rest}
      onClick={press}
      aria-disabled={off || undefined}
      aria-busy={loading || undefined}
      aria-describedby={reason === null ? rest["aria-describedby"] : reasonId}
      className={cn(buttonLook({ variant, size }), className)}
    >
      {loading ? (
        <LoaderCircle aria-hidden className="size-4 animate-spin" strokeWidth={1.5} />
      ) : (
        Icon && <Icon aria-hidden className="size-4" strokeWidth={1.5} />
      )}
      {children}
    </button>
  );
  // The same elements with and without a reason, so that the button stays the one that has the focus.
  return (
    <span
      className={
        reason === null ? "contents" : "inline-flex flex-wrap items-center justify-end gap-x-3 gap-y-1"
      }
    >
      {reason !== null && (
        <span id={reasonId} className="text-caption text-text-2">
          {reason}
        </span>
      )}
      {button}
    </span>
  );
}
