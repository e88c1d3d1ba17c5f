import { Input as Base } from "@base-ui/react/input";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** The look of everything that is typed into. */
export const controlLook =
  "control flex rounded-control border bg-surface text-text focus-within:outline-2 focus-within:outline-focus focus-within:-outline-offset-1 has-data-invalid:border-failed";

interface Props extends Omit<ComponentProps<typeof Base>, "className" | "prefix"> {
  /** Before the text, such as `$`. */
  before?: ReactNode;
  /** After the text, such as the token's name. */
  after?: ReactNode;
  className?: string;
}

/** A line of text. Inside a `Field` it takes its label, hint and error from it. */
export function Input({ before, after, className, ...rest }: Props) {
  return (
    <span className={cn(controlLook, className)}>
      {before !== undefined && <span className="pl-2.5 text-text-2">{before}</span>}
      <Base
        autoComplete="off"
        spellCheck={false}
        {...rest}
        className="min-w-0 flex-1 bg-transparent px-2.5 py-1 outline-none placeholder:text-text-3"
      />
      {after !== undefined && <span className="pr-2.5 text-text-2">{after}</span>}
    </span>
  );
}
