import { type FormEvent, useState } from "react";
import { useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/paraglide/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";

/** How often the links of one payment may be used; as often as its buyer owns it when left empty. */
export function MostDownloads({ saved }: { saved: string }) {
  const { mutate, isPending, error, reset } = useSettingSet();
  const [text, setText] = useState(saved);
  const [tried, setTried] = useState(false);
  const typed = text.trim();
  const isWrong = typed !== "" && !/^[1-9]\d{0,8}$/.test(typed);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isWrong || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    mutate(
      { key: "downloads-per-payment", value: typed },
      { onSuccess: () => notify({ title: m.stall_downloads_saved(), tone: "settled" }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-2">
      <Field
        label={m.stall_downloads()}
        description={m.stall_downloads_hint()}
        error={tried && isWrong ? m.stall_downloads_wrong() : undefined}
      >
        <Input
          inputMode="numeric"
          placeholder={m.stall_downloads_unlimited()}
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
        <Button type="submit" size="sm" loading={isPending} disabled={typed === saved}>
          {m.settings_save()}
        </Button>
      </div>
    </form>
  );
}
