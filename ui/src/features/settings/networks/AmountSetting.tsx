import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { usePlatform } from "../../../api/platform-context";
import { settingsQuery, useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/paraglide/messages";
import { formatDecimal, parseAmount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";

interface Props {
  /** The setting's name. */
  setting: string;
  /** The most decimal places. */
  places: number;
  label: string;
  hint: string;
  /** What is said of a text that is no such amount. */
  wrong: string;
  /** What is said when it was saved; of null when the field was emptied. */
  done: (value: string | null) => string;
  before?: ReactNode;
  after?: ReactNode;
}

/** A setting that is an amount, or nothing. */
export function AmountSetting(props: Props) {
  const { data } = useQuery(settingsQuery(usePlatform()));
  const saved = data?.items.find(({ key }) => key === props.setting)?.value ?? "";
  return data !== undefined && <AmountForm key={saved} saved={saved} {...props} />;
}

function AmountForm({
  saved,
  setting,
  places,
  label,
  hint,
  wrong,
  done,
  ...around
}: Props & { saved: string }) {
  const { mutate, isPending, error, reset } = useSettingSet();
  const shown = saved === "" ? "" : formatDecimal(saved);
  const [text, setText] = useState(shown);
  const [tried, setTried] = useState(false);
  const { value, problem } = parseAmount(text, places);
  // An empty field takes the setting back.
  const isWrong = problem !== null && problem !== "empty";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (isWrong || isPending) {
      goToProblem(form);
      return;
    }
    mutate(
      { key: setting, value: value ?? "" },
      { onSuccess: () => notify({ title: done(value), tone: "settled" }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <Field label={label} description={hint} error={tried && isWrong ? wrong : undefined}>
        <Input
          {...around}
          inputMode="decimal"
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
          className="max-w-48"
        />
      </Field>
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <div>
        <Button type="submit" size="sm" loading={isPending} disabled={text.trim() === shown}>
          {m.settings_save()}
        </Button>
      </div>
    </form>
  );
}
