import type { DataKept } from "../../../api/generated/DataKept";
import { useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { notify } from "../../../ui/toast";
import { Row, Section } from "../Section";
import { ValueForm } from "../ValueForm";

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
          control={
            <div className="w-64">
              <Days kept={one} />
            </div>
          }
        />
      ))}
    </Section>
  );
}

function Days({ kept: { key, days, least, most } }: { kept: DataKept }) {
  const saving = useSettingSet();
  const isKept = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return (
    <ValueForm
      label={m.data_kept_days({ least, most })}
      wrong={m.data_kept_wrong({ least, most })}
      saved={String(days)}
      read={(text) => (isKept(text) ? text : null)}
      saving={saving}
      onSave={(value) =>
        saving.mutate(
          { key, value },
          { onSuccess: () => notify({ title: m.data_kept_saved(), tone: "settled" }) },
        )
      }
    />
  );
}
