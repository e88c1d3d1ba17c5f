import type { WebhookSecretView } from "../../../api/generated/WebhookSecretView";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { CopyButton } from "../../../ui/CopyButton";
import { Dialog } from "../../../ui/Dialog";

interface Props {
  /** What is shown this once; null for nothing. */
  shown: WebhookSecretView | null;
  onClose(): void;
}

/** What a receiver checks messages with. It is nowhere in the window once this is closed (I12). */
export function SecretDialog({ shown, onClose }: Props) {
  return (
    <Dialog
      open={shown !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={m.webhooks_secret_title()}
      description={shown?.advice}
      footer={
        <Button variant="primary" onClick={onClose}>
          {m.webhooks_secret_done()}
        </Button>
      }
    >
      {shown !== null && (
        <div className="flex flex-col gap-2">
          <p className="text-text-2">{shown.url}</p>
          <div className="flex items-start gap-2 rounded-control border bg-surface-2 px-3 py-2">
            <code className="min-w-0 flex-1 font-mono text-caption break-all">{shown.secret}</code>
            <CopyButton text={shown.secret} what={m.webhooks_secret_what()} />
          </div>
        </div>
      )}
    </Dialog>
  );
}
