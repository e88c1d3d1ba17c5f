import { OctagonX } from "lucide-react";
import { m } from "../i18n/messages";
import { CopyButton } from "./CopyButton";
import { details, type Failure } from "./ErrorState";

interface Props {
  /** What was not done. */
  title: string;
  error: Failure;
}

/** Why something was not done, where it was asked for, with details for a report. */
export function Refusal({ title, error }: Props) {
  return (
    <div role="alert" className="mt-3 flex gap-2.5 rounded-control bg-failed-soft px-3 py-2 text-failed">
      <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="mb-1.5 break-words">{error.message}</p>
        <CopyButton text={details(error)} label={m.ui_error_copy()} />
      </div>
    </div>
  );
}
