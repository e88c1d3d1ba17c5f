import { Search, X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { cn } from "./cn";
import { IconButton } from "./IconButton";
import { Input } from "./Input";

interface Props {
  /** What is searched for now, as the page's address says. */
  text: string;
  /** What is typed, letter by letter. */
  onType(text: string): void;
  /** It was emptied by its button. */
  onClear(): void;
  onEnter?: ((text: string) => void) | undefined;
  label: string;
  clearLabel: string;
  placeholder: string;
  /** What else can be typed. */
  title?: string;
  className?: string;
}

/** A page's search. What is typed is shown at once; the address, which the list goes by, follows it. The key `/` leads here. */
export function SearchInput({
  text,
  onType,
  onClear,
  onEnter,
  clearLabel,
  label,
  className,
  ...rest
}: Props) {
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  const place = useRef<HTMLDivElement>(null);
  if (known !== text) {
    setKnown(text);
    setTyped(text);
  }
  return (
    <div ref={place} className={cn("flex", className)}>
      <Input
        {...rest}
        type="search"
        data-page-search
        aria-label={label}
        before={<Search aria-hidden className="size-4" strokeWidth={1.5} />}
        after={
          typed !== "" && (
            <IconButton
              icon={X}
              size="sm"
              label={clearLabel}
              onClick={() => {
                setTyped("");
                onClear();
                place.current?.querySelector("input")?.focus();
              }}
            />
          )
        }
        value={typed}
        onValueChange={(next: string) => {
          setTyped(next);
          onType(next);
        }}
        onKeyDown={(event: KeyboardEvent) => event.key === "Enter" && onEnter?.(typed)}
        className="min-h-7 w-full text-body [&_input::-webkit-search-cancel-button]:hidden"
      />
    </div>
  );
}
