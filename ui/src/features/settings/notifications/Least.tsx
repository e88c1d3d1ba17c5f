import { type FormEvent, useState } from "react";
import { useNotifySet } from "../../../api/notify";
import { m } from "../../../i18n/paraglide/messages";
import { formatDecimal, parseAmount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { Row } from "../Section";

const DECIMALS = 6;

/** What a sale has to bring to be told of. */
export function Least({ saved }: { saved: string | null }) {
  const { mutate, isPending, error, reset } = useNotifySet();
  const shown = saved === null ? "" : formatDecimal(saved);
  const [text, setText] = useState(shown);
  const [tried, setTried] = useState(false);
  const [known, setKnown] = useState(saved);
  if (known !== saved) {
    setKnown(saved);
    setText(shown);
    setTried(false);
  }
  const { value, problem } = parseAmount(text, DECIMALS);
  const isWrong = problem !== null && problem !== "empty";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isWrong || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    mutate({ least: value ?? "" }, { onSuccess: () => notify({ title: m.notify_saved(), tone: "settled" }) });
  };
  return (
    <Row>
      <form onSubmit={submit} noValidate className="flex flex-col gap-2">
        <Field
          label={m.notify_least()}
          description={m.notify_least_hint()}
          error={tried && isWrong ? m.notify_least_wrong() : undefined}
        >
          <Input
            before="$"
            inputMode="decimal"
            value={text}
            onValueChange={(next) => {
              setText(next);
              reset();
            }}
            className="max-w-48"
          />
        </Field>
        {error !== null && <Refusal title={m.notify_not_saved()} error={error} />}
        <div>
          <Button type="submit" size="sm" loading={isPending} disabled={text.trim() === shown}>
            {m.settings_save()}
          </Button>
        </div>
      </form>
    </Row>
  );
}
