import type { LucideIcon } from "lucide-react";
import { m } from "../../../i18n/messages";
import { messageOf } from "../../../lib/message";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { notify } from "../../../ui/toast";

interface Props {
  label: string;
  hint?: string;
  file: string;
  onFileChange(file: string): void;
  /** Lets the person choose; null when they chose nothing. */
  choose(): Promise<string | null>;
  chooseLabel: string;
  icon: LucideIcon;
  error?: string | undefined;
}

/** A file by its whole path: chosen, typed or pasted. */
export function FileField({ label, hint, file, onFileChange, choose, chooseLabel, icon, error }: Props) {
  const pick = async () => {
    try {
      const chosen = await choose();
      if (chosen !== null) {
        onFileChange(chosen);
      }
    } catch (reason) {
      notify({
        title: m.wallet_choose_failed(),
        description: messageOf(reason),
        tone: "failed",
      });
    }
  };
  return (
    <div className="flex flex-wrap items-start gap-2">
      <div className="min-w-0 flex-1 basis-48">
        <Field label={label} description={hint} error={error}>
          <Input value={file} onValueChange={onFileChange} className="text-body" />
        </Field>
      </div>
      <Button icon={icon} className="mt-6" onClick={() => void pick()}>
        {chooseLabel}
      </Button>
    </div>
  );
}
