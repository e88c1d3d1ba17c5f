import { CircleAlert, RotateCw } from "lucide-react";
import { m } from "../i18n/messages";
import { Button } from "./Button";
import { CopyButton } from "./CopyButton";

/** An error with the app's code, or any other. */
export interface Failure {
  message: string;
  code?: string;
  stack?: string | undefined;
}

interface Props {
  error: Failure;
  /** What could not be done; by default, that this could not be loaded. */
  title?: string;
  /** Tries again. */
  onRetry?: (() => void) | undefined;
  /** Whether it is under way again. */
  retrying?: boolean;
}

/** What went wrong as a sentence, what to do about it, and details for a report. */
export function ErrorState({ error, title = m.ui_error_title(), onRetry, retrying = false }: Props) {
  return (
    <div
      role="alert"
      className="flex flex-1 flex-col items-center justify-center gap-1 px-6 py-12 text-center"
    >
      <span className="mb-3 inline-flex size-11 items-center justify-center rounded-full bg-failed-soft text-failed">
        <CircleAlert aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <h2 className="text-section">{title}</h2>
      <p className="max-w-[32rem] break-words">{error.message}</p>
      <p className="max-w-[32rem] text-text-2">{advice(error.code)}</p>
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        <CopyButton text={details(error)} label={m.ui_error_copy()} size="md" />
        {onRetry !== undefined && (
          <Button variant="primary" icon={RotateCw} loading={retrying} onClick={onRetry}>
            {m.ui_error_retry()}
          </Button>
        )}
      </div>
    </div>
  );
}

function advice(code: string | undefined): string {
  switch (code) {
    case "unavailable":
      return m.ui_error_unavailable();
    case "in_use":
      return m.ui_error_in_use();
    case "not_found":
      return m.ui_error_not_found();
    case "internal":
    case "unknown_command":
    case undefined:
      return m.ui_error_internal();
    default:
      return m.ui_error_other();
  }
}

/** What a report needs; nothing of the seller's data. */
export function details({ code = "none", message, stack }: Failure): string {
  return [
    `code: ${code}`,
    `message: ${message}`,
    `page: ${window.location.pathname}`,
    `time: ${new Date().toISOString()}`,
    `window: ${navigator.userAgent}`,
    ...(stack === undefined ? [] : [stack]),
  ].join("\n");
}
