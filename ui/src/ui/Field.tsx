import { Field as Base } from "@base-ui/react/field";
import type { ReactNode } from "react";

interface Props {
  label: ReactNode;
  /** Keeps the label for those who hear it, where something beside it says the same. */
  labelHidden?: boolean;
  /** What to know before typing. */
  description?: ReactNode;
  /** What is wrong with it, as a sentence. */
  error?: ReactNode;
  /** The control, such as an `Input`. */
  children: ReactNode;
}

/** A control with its label, its hint and its error, tied together for those who hear them. */
export function Field({ label, labelHidden = false, description, error, children }: Props) {
  const wrong = error !== undefined && error !== null && error !== "";
  return (
    <Base.Root invalid={wrong} className="flex w-full flex-col gap-1">
      <Base.Label className={labelHidden ? "sr-only" : "text-body font-medium text-text"}>{label}</Base.Label>
      {children}
      {description !== undefined && (
        <Base.Description className="text-caption text-text-2">{description}</Base.Description>
      )}
      <Base.Error match={wrong} className="text-caption text-failed">
        {error}
      </Base.Error>
    </Base.Root>
  );
}
