import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { usePlatform } from "../../../api/platform-context";
import { settingsQuery, useSettingSet } from "../../../api/queries";
import { formatDecimal } from "../../../lib/money";
import { notify } from "../../../ui/toast";
import { readAmount } from "../typed";
import { ValueForm } from "../ValueForm";

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

/** A setting that is an amount; emptied, it is taken back. */
export function AmountSetting({ setting, places, done, ...words }: Props) {
  const { data } = useQuery(settingsQuery(usePlatform()));
  const saving = useSettingSet();
  const saved = data?.items.find(({ key }) => key === setting)?.value ?? "";
  return (
    data !== undefined && (
      <ValueForm
        {...words}
        saved={saved === "" ? "" : formatDecimal(saved)}
        read={(text) => readAmount(text, places)}
        saving={saving}
        onSave={(value) =>
          saving.mutate(
            { key: setting, value },
            { onSuccess: () => notify({ title: done(value === "" ? null : value), tone: "settled" }) },
          )
        }
      />
    )
  );
}
