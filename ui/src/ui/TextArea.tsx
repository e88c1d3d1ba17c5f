import { Field as Base } from "@base-ui/react/field";
import { cn } from "./cn";
import { controlLook } from "./Input";

interface Props {
  value: string;
  onValueChange(text: string): void;
  rows?: number;
  /** Letters of one width, for what programs read. */
  mono?: boolean;
  autoFocus?: boolean;
  placeholder?: string;
}

/** Several lines of text, inside a `Field`. It grows with the room it is given by hand. */
export function TextArea({ mono = false, rows = 3, ...rest }: Props) {
  return (
    <span className={cn(controlLook, "items-stretch")}>
      <Base.Control
        render={<textarea rows={rows} spellCheck={!mono} dir="auto" />}
        {...rest}
        className={cn(
          "min-h-8 min-w-0 flex-1 resize-y bg-transparent px-2.5 py-1.5 outline-none placeholder:text-text-3",
          mono && "font-mono text-caption",
        )}
      />
    </span>
  );
}
