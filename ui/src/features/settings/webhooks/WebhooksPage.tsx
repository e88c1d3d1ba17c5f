import { useQuery } from "@tanstack/react-query";
import { Plus, Webhook } from "lucide-react";
import { useMemo, useState } from "react";
import type { WebhookSecretView } from "../../../api/generated/WebhookSecretView";
import { usePlatform } from "../../../api/platform-context";
import { webhooksQuery } from "../../../api/webhooks";
import { m } from "../../../i18n/messages";
import { BackLink } from "../../../ui/BackLink";
import { Button } from "../../../ui/Button";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorState } from "../../../ui/ErrorState";
import { Page } from "../../../ui/Page";
import { Skeleton } from "../../../ui/Skeleton";
import { Section } from "../Section";
import { AddWebhook } from "./AddWebhook";
import { Messages } from "./Messages";
import { SecretDialog } from "./SecretDialog";
import { WebhookRow } from "./WebhookRow";

/** Everybody who is told what happens at the stall, and what became of the messages. */
export function WebhooksPage() {
  const { data, error, refetch, isFetching } = useQuery(webhooksQuery(usePlatform()));
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<WebhookSecretView | null>(null);
  const urls = useMemo(() => new Map(data?.items.map(({ id, url }) => [id, url])), [data]);
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setAdding(true)}>
      {m.webhooks_add()}
    </Button>
  );
  return (
    <Page title={m.webhooks_title()} action={data !== undefined && data.items.length > 0 && add}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-8">
        <BackLink to="/settings" hash="webhooks">
          {m.settings_title()}
        </BackLink>
        {data !== undefined ? (
          <>
            {data.items.length === 0 ? (
              <EmptyState
                icon={Webhook}
                title={m.webhooks_empty()}
                text={m.webhooks_empty_text()}
                action={add}
              />
            ) : (
              <>
                <Section title={m.webhooks_told()} text={m.webhooks_told_text()}>
                  {data.items.map((webhook) => (
                    <WebhookRow
                      key={webhook.id}
                      webhook={webhook}
                      events={data.events}
                      onSecret={setSecret}
                    />
                  ))}
                </Section>
                <Messages urls={urls} />
              </>
            )}
            <AddWebhook open={isAdding} onOpenChange={setAdding} events={data.events} onAdded={setSecret} />
            <SecretDialog shown={secret} onClose={() => setSecret(null)} />
          </>
        ) : error !== null ? (
          <ErrorState
            title={m.webhooks_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <Skeleton className="h-32 w-full" />
            <Skeleton className="h-64 w-full" />
          </>
        )}
      </div>
    </Page>
  );
}
