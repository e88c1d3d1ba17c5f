import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ApiError } from "../../api/error";
import { m } from "../../i18n/messages";
import { CopyButton } from "../../ui/CopyButton";

/** What keeps payments from being sent now. */
export function Hindered({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) {
    return null;
  }
  return (
    <section role="alert" className="flex gap-2.5 rounded-card bg-warning-soft p-3 text-warning">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div className="min-w-0">
        <h3 className="font-medium">{m.settlements_dialog_hindered()}</h3>
        {sentences.map((sentence) => (
          <p key={sentence} className="break-words">
            {sentence}
          </p>
        ))}
      </div>
    </section>
  );
}

/** Why the press began nothing, and that pressing again is safe. */
export function NotBegun({ error }: { error: ApiError }) {
  return (
    <section role="alert" className="flex gap-2.5 rounded-card bg-failed-soft p-3 text-failed">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div className="min-w-0">
        <h3 className="font-medium">{m.settlements_dialog_failed()}</h3>
        <p className="break-words">{error.message}</p>
        <p>{m.settlements_dialog_failed_advice()}</p>
        <CopyButton
          text={`code: ${error.code}\nmessage: ${error.message}`}
          label={m.ui_error_copy()}
          className="mt-2"
        />
      </div>
    </section>
  );
}
