import { RotateCw } from "lucide-react";
import type { WebhookMessageView } from "../../../api/generated/WebhookMessageView";
import { useRedeliver } from "../../../api/webhooks";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { CopyButton } from "../../../ui/CopyButton";
import { MessageBadge } from "../../../ui/MessageBadge";
import { TimeAgo } from "../../../ui/TimeAgo";
import { notify } from "../../../ui/toast";
import { readable } from "./words";

interface Props {
  message: WebhookMessageView;
  /** Who was told; null when it was removed. */
  url: string | null;
}

/** One message: what it told, what came of it, and the button that sends it again. */
export function Message({ message, url }: Props) {
  const { mutate, isPending } = useRedeliver();
  const { event, about, state, sentence, attempts, madeAt, nextAt, status, answer, messageId } = message;
  const again = () =>
    mutate(
      { message: message.message },
      {
        onSuccess: (now) =>
          notify({
            title: now.state === "delivered" ? m.webhooks_sent_again() : m.webhooks_asked_again(),
            description: now.sentence,
            tone: "neutral",
          }),
        onError: (error) =>
          notify({ title: m.webhooks_again_failed(), description: error.message, tone: "failed" }),
      },
    );
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <code className="font-mono text-caption font-medium">{event}</code>
        <MessageBadge state={state} />
        <span className="text-caption text-text-2">
          <TimeAgo at={madeAt} />
        </span>
        {url !== null && (
          <Button size="sm" icon={RotateCw} loading={isPending} className="ml-auto" onClick={again}>
            {m.webhooks_again()}
          </Button>
        )}
      </div>
      <p className="text-caption break-words text-text-2">
        {url ?? m.webhooks_to_removed()} · {sentence}
        {attempts > 1 && ` · ${m.webhooks_attempts({ count: formatCount(attempts) })}`}
        {nextAt !== null && (
          <>
            {` · ${m.webhooks_next()} `}
            <TimeAgo at={nextAt} />
          </>
        )}
      </p>
      <details className="mt-1 text-caption">
        <summary className="text-text-2">{m.webhooks_details()}</summary>
        <dl className="mt-1 grid grid-cols-[7rem_1fr] gap-x-3 gap-y-1">
          <dt className="text-text-2">{m.webhooks_message_id()}</dt>
          <dd className="font-mono break-all">{messageId}</dd>
          {about !== "" && (
            <>
              <dt className="text-text-2">{m.webhooks_about()}</dt>
              <dd className="font-mono break-all">{about}</dd>
            </>
          )}
          {status !== null && (
            <>
              <dt className="text-text-2">{m.webhooks_answer()}</dt>
              <dd className="break-words">
                HTTP {status}
                {answer !== null && answer !== "" && (
                  <bdi className="block font-mono break-all">{answer}</bdi>
                )}
              </dd>
            </>
          )}
          <dt className="text-text-2">{m.webhooks_body()}</dt>
          <dd className="flex min-w-0 items-start gap-1">
            <pre className="min-w-0 flex-1 font-mono break-all whitespace-pre-wrap">{readable(message)}</pre>
            <CopyButton text={message.body} what={m.webhooks_body_what()} />
          </dd>
        </dl>
      </details>
    </li>
  );
}
