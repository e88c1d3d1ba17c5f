import { type ComponentProps, type FormEvent, useState } from "react";
import type { ApiError } from "../../api/error";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Refusal } from "../../ui/Refusal";
import { goToProblem } from "./problem";

interface Props extends Pick<ComponentProps<typeof Input>, "before" | "after" | "placeholder"> {
  label: string;
  hint?: string;
  /** What is said of a text that is no such value. */
  wrong: string;
  /** What is saved, as it is written here. */
  saved: string;
  /** The value that a text stands for; null where it is none. */
  read(text: string): string | null;
  /** What saves it. */
  saving: { isPending: boolean; error: ApiError | null; reset(): void };
  onSave(value: string): void;
}

/** A setting that is one number or amount. What was changed elsewhere is followed. */
export function ValueForm({ label, hint, wrong, saved, read, saving, onSave, ...around }: Props) {
  const { isPending, error, reset } = saving;
  const [text, setText] = useState(saved);
  const [tried, setTried] = useState(false);
  const [known, setKnown] = useState(saved);
  if (known !== saved) {
    setKnown(saved);
    setText(saved);
    setTried(false);
  }
  const typed = text.trim();
  const value = read(typed);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (value === null || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    onSave(value);
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <Field label={label} description={hint} error={tried && value === null ? wrong : undefined}>
        <span className="flex flex-wrap gap-2">
          <Input
            {...around}
            inputMode="decimal"
            value={text}
            onValueChange={(next) => {
              setText(next);
              reset();
            }}
            className="w-40"
          />
          <Button type="submit" loading={isPending} disabled={typed === saved}>
            {m.settings_save()}
          </Button>
        </span>
      </Field>
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
    </form>
  );
}
