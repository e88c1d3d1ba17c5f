import { type FormEvent, useState } from "react";
import type { DataKept } from "../../../api/generated/DataKept";
import { useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/paraglide/messages";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { goToProblem } from "../problem";
import { Row, Section } from "../Section";

const WORDS: Partial<Record<string, { title(): string; text(): string }>> = {
  "keep-visits": { title: m.data_kept_visits, text: m.data_kept_visits_text },
  "keep-messages": { title: m.data_kept_messages, text: m.data_kept_messages_text },
  "keep-logs": { title: m.data_kept_logs, text: m.data_kept_logs_text },
};

/** What is deleted by itself, and after how many days. */
export function Kept({ kept }: { kept: readonly DataKept[] }) {
  return (
    <Section title={m.data_kept()} text={m.data_kept_text()}>
      {kept.map((one) => (
        <Row
          key={one.key}
          title={WORDS[one.key]?.title() ?? one.key}
          text={WORDS[one.key]?.text()}
          control={<Days kept={one} />}
        />
      ))}
    </Section>
  );
}

function Days({ kept: { key, days, least, most } }: { kept: DataKept }) {
  const { mutate, isPending, error } = useSettingSet();
  const [text, setText] = useState(String(days));
  const [tried, setTried] = useState(false);
  const [known, setKnown] = useState(days);
  if (known !== days) {
    setKnown(days);
    setText(String(days));
    setTried(false);
  }
  const typed = Number(text);
  const isWrong = !/^\d{1,5}$/.test(text.trim()) || typed < least || typed > most;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isWrong || isPending) {
      goToProblem(event.currentTarget);
      return;
    }
    mutate(
      { key, value: text.trim() },
      { onSuccess: () => notify({ title: m.data_kept_saved(), tone: "settled" }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex w-60 flex-col gap-2">
      <Field
        label={m.data_kept_days({ least, most })}
        error={tried && isWrong ? m.data_kept_wrong({ least, most }) : undefined}
      >
        <span className="flex gap-2">
          <Input inputMode="numeric" value={text} onValueChange={setText} className="w-24" />
          <Button type="submit" loading={isPending} disabled={text.trim() === String(days)}>
            {m.data_kept_save()}
          </Button>
        </span>
      </Field>
      {error !== null && <Refusal title={m.data_kept_failed()} error={error} />}
    </form>
  );
}
