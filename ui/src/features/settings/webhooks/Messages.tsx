import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePlatform } from "../../../api/platform-context";
import { messagesQuery } from "../../../api/webhooks";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Choice } from "../../../ui/Choice";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { Row, Section } from "../Section";
import { Message } from "./Message";

type Filter = "all" | "waiting" | "delivered" | "dead";

/** What was told, newest first. */
export function Messages({ urls }: { urls: ReadonlyMap<number, string> }) {
  const [filter, setFilter] = useState<Filter>("all");
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(messagesQuery(usePlatform(), filter === "all" ? {} : { state: filter }));
  const messages = data?.pages.flatMap(({ items }) => items);
  return (
    <Section title={m.webhooks_messages()} text={m.webhooks_messages_text()}>
      <Row>
        <Choice<Filter>
          label={m.webhooks_filter()}
          items={[
            { value: "all", label: m.webhooks_filter_all() },
            { value: "waiting", label: m.webhooks_waiting() },
            { value: "delivered", label: m.webhooks_delivered() },
            { value: "dead", label: m.webhooks_dead() },
          ]}
          value={filter}
          onValueChange={setFilter}
        />
      </Row>
      {messages === undefined ? (
        <Row>
          {error === null ? (
            <Skeleton className="h-24 w-full" />
          ) : (
            <ErrorState
              title={m.webhooks_messages_failed()}
              error={error}
              retrying={isFetching}
              onRetry={() => void refetch()}
            />
          )}
        </Row>
      ) : messages.length === 0 ? (
        <Row>
          <p className="text-text-2">
            {filter === "all" ? m.webhooks_messages_none() : m.webhooks_messages_none_such()}
          </p>
        </Row>
      ) : (
        <ul className="divide-y">
          {messages.map((message) => (
            <Message key={message.message} message={message} url={urls.get(message.webhook) ?? null} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Row>
          <Button size="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {m.webhooks_older()}
          </Button>
        </Row>
      )}
    </Section>
  );
}
