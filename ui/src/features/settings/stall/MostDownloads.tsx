import { useSettingSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { notify } from "../../../ui/toast";
import { ValueForm } from "../ValueForm";

/** How often the links of one payment may be used; as often as its buyer owns it when left empty. */
export function MostDownloads({ saved }: { saved: string }) {
  const saving = useSettingSet();
  return (
    <ValueForm
      label={m.stall_downloads()}
      hint={m.stall_downloads_hint()}
      wrong={m.stall_downloads_wrong()}
      placeholder={m.stall_downloads_unlimited()}
      saved={saved}
      read={(text) => (/^([1-9]\d{0,8})?$/.test(text) ? text : null)}
      saving={saving}
      onSave={(value) =>
        saving.mutate(
          { key: "downloads-per-payment", value },
          { onSuccess: () => notify({ title: m.stall_downloads_saved(), tone: "settled" }) },
        )
      }
    />
  );
}
