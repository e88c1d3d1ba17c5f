import { FileX, RotateCw } from "lucide-react";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { EmptyState } from "../../ui/EmptyState";
import { fileName } from "./queue";

interface Props {
  file: string;
  /** Why, as the app says it. */
  message: string;
  onRetry(): void;
  retrying: boolean;
}

/** A file, or a folder, that the app does not sell, and what to do instead. */
export function Refused({ file, message, onRetry, retrying }: Props) {
  return (
    <div role="alert" className="flex flex-col">
      <EmptyState
        icon={FileX}
        title={m.endpoints_sheet_failed()}
        text={
          <span className="flex flex-col gap-1">
            <bdi className="truncate font-medium text-text">{fileName(file)}</bdi>
            <span className="break-words">{message}</span>
            <span>{m.endpoints_sheet_failed_text()}</span>
          </span>
        }
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <CopyButton text={message} label={m.endpoints_copy_details()} size="md" />
            <Button icon={RotateCw} loading={retrying} onClick={onRetry}>
              {m.endpoints_retry()}
            </Button>
          </div>
        }
      />
    </div>
  );
}
