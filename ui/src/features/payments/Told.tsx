import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import type { WebhookMessageView } from "../../api/generated/WebhookMessageView";
import { usePlatform } from "../../api/platform-context";
import { messagesQuery, useRedeliver, webhooksQuery } from "../../api/webhooks";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { ErrorState } from "../../ui/ErrorState";
import { MessageBadge } from "../../ui/MessageBadge";
import { Skeleton } from "../../ui/Skeleton";
import { TimeAgo } from "../../ui/TimeAgo";
import { notify } from "../../ui/toast";
import { Section } from "./Facts";

/** What webhooks were told of a payment; nothing where nobody is told anything. */
export function Told({ payment }: { payment: string }) {
  const platform = usePlatform();
  const { data: webhooks } = useQuery(webhooksQuery(platform));
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(messagesQuery(platform, { about: payment }));
  const messages = data?.pages.flatMap(({ items }) => items) ?? [];
  const isUnknown = data === undefined && error !== null;
  if (messages.length === 0 && !isUnknown && (webhooks?.items.length ?? 0) === 0) {
    return null;
  }
  return (
    <Section title={m.payments_section_told()}>
      {isUnknown ? (
        <ErrorState
          title={m.payments_told_unknown()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      ) : data === undefined ? (
        <Skeleton className="h-10 w-full" />
      ) : messages.length === 0 ? (
        <p className="text-text-2">{m.payments_told_nothing()}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {messages.map((message) => (
            <Message
              key={message.message}
              message={message}
              url={webhooks?.items.find(({ id }) => id === message.webhook)?.url ?? null}
            />
          ))}
        </ul>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-3">
        {hasNextPage && (
          <Button size="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {m.payments_told_more()}
          </Button>
        )}
        <Link to="/settings/webhooks" className="text-accent-text underline underline-offset-2">
          {m.payments_told_all()}
        </Link>
      </div>
    </Section>
  );
}

function Message({ message, url }: { message: WebhookMessageView; url: string | null }) {
  const { mutate, isPending } = useRedeliver();
  const again = () =>
    mutate(
      { message: message.message },
      {
        onSuccess: ({ sentence }) => notify({ title: m.payments_told_asked(), description: sentence }),
        onError: (error) =>
          notify({ title: m.payments_told_failed(), description: error.message, tone: "failed" }),
      },
    );
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <code className="font-mono text-caption font-medium">{message.event}</code>
        <MessageBadge state={message.state} />
        <span className="text-caption text-text-2">
          <TimeAgo at={message.madeAt} />
        </span>
        {url !== null && (
          <Button size="sm" icon={RotateCw} loading={isPending} className="ml-auto" onClick={again}>
            {m.payments_told_again()}
          </Button>
        )}
      </div>
      <p className="text-caption break-words text-text-2">
        {url !== null && <bdi className="break-all">{url}</bdi>} {message.sentence}
      </p>
    </li>
  );
}
