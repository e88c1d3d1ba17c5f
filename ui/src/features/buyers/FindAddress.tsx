import { Search } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { m } from "../../i18n/messages";
import { Input } from "../../ui/Input";
import { useOpenBuyer } from "./open";

/** Opens the buyer of an address that is pasted, also one who never paid. */
export function FindAddress() {
  const { open } = useOpenBuyer();
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  const errorId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = text.trim();
    const fits = /^0x[0-9a-fA-F]{40}$/.test(address);
    setWrong(!fits && address !== "");
    if (fits) {
      setText("");
      open(address);
    }
  };
  return (
    <form onSubmit={submit} noValidate className="ml-auto flex w-64 max-w-full flex-col gap-1">
      <Input
        aria-label={m.buyers_find()}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? errorId : undefined}
        placeholder={m.buyers_find()}
        before={<Search aria-hidden className="size-4" strokeWidth={1.5} />}
        value={text}
        onValueChange={(next) => {
          setText(next);
          setWrong(false);
        }}
        className="min-h-7"
      />
      {isWrong && (
        <p id={errorId} role="alert" className="text-caption text-failed">
          {m.buyers_find_wrong()}
        </p>
      )}
    </form>
  );
}
