import { Search, X } from "lucide-react";
import { useRef, useState } from "react";
import { m } from "../../i18n/paraglide/messages";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";

interface Props {
  /** What is searched for by the address. */
  text: string;
  onTextChange(text: string): void;
}

/** What is typed is shown at once; the address, which the list goes by, follows it. */
export function SearchField({ text, onTextChange }: Props) {
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  const row = useRef<HTMLDivElement>(null);
  if (known !== text) {
    setKnown(text);
    setTyped(text);
  }
  const write = (next: string) => {
    setTyped(next);
    onTextChange(next);
  };
  return (
    <div ref={row} className="w-72 max-w-full">
      <Input
        before={<Search aria-hidden className="size-4" strokeWidth={1.5} />}
        after={
          typed !== "" && (
            <IconButton
              icon={X}
              size="sm"
              label={m.endpoints_search_clear()}
              onClick={() => {
                write("");
                row.current?.querySelector("input")?.focus();
              }}
            />
          )
        }
        aria-label={m.endpoints_search()}
        placeholder={m.endpoints_search()}
        value={typed}
        onValueChange={write}
        className="text-body"
      />
    </div>
  );
}
