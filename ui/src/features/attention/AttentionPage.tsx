import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { uncertainQuery } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import { usePlatform } from "../../api/platform-context";
import { attentionQuery, paymentCountsQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { BackupGroup } from "./BackupGroup";
import { CapGroup } from "./CapGroup";
import { DeletionGroup } from "./DeletionGroup";
import { FileGroup } from "./FileGroup";
import { GasGroup } from "./GasGroup";
import { NetworkGroup } from "./NetworkGroup";
import { NoNetworkGroup } from "./NoNetworkGroup";
import { PaymentGroup } from "./PaymentGroup";
import { ReachGroup } from "./ReachGroup";
import { Uncertain } from "./Uncertain";
import { UndeliveredGroup } from "./UndeliveredGroup";
import { WebhookGroup } from "./WebhookGroup";

interface Props {
  /** What can be done about one payment. */
  actions(failure: FailureView): ReactNode;
  /** What can be done about several at once. */
  forAll(failures: readonly FailureView[]): ReactNode;
}

/** What is owed and broke off on its way. */
const BROKEN_OFF = [{ delivery: "interrupted" }];

const NOTHING = { uncertain: [], recoverable: null };

/** What the seller should look at: what stops everything first, then payments by why they were not settled. */
export function AttentionPage({ actions, forAll }: Props) {
  const platform = usePlatform();
  const { data, error, refetch, isFetching } = useQuery(attentionQuery(platform));
  const { data: { uncertain, recoverable } = NOTHING } = useQuery(uncertainQuery(platform));
  const { data: [brokenOff = 0] = [] } = useQuery(paymentCountsQuery(platform, BROKEN_OFF));
  const { data: status } = useQuery(statusQuery(platform));
  const list = useRef<HTMLElement>(null);
  const atStake = status?.money.attention;
  const hasNoNetwork = status?.networks.length === 0;
  const hasSeveral = (status?.networks.length ?? 0) > 1;
  const titleOf = (network: string) =>
    status?.networks.find((one) => one.network === network)?.title ?? network;
  return (
    <Page title={m.attention_title()}>
      {data === undefined && error !== null ? (
        <ErrorState
          title={m.attention_failed()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      ) : data === undefined ? (
        <Waiting />
      ) : (
        <section
          ref={list}
          tabIndex={-1}
          aria-label={m.attention_list()}
          className="flex flex-1 flex-col gap-4 outline-none"
        >
          {data.items.length === 0 && uncertain.length === 0 && brokenOff === 0 && !hasNoNetwork && (
            <EmptyState
              icon={CircleCheck}
              title={m.attention_empty_title()}
              text={m.attention_empty_text()}
            />
          )}
          {atStake !== undefined && atStake.payments > 0 && (
            <p className="text-text-2">
              {m.attention_summary({ count: atStake.payments, number: formatCount(atStake.payments) })} ·{" "}
              <Money value={atStake.formatted} className="font-medium text-text" /> {m.attention_at_stake()}
              {recoverable !== null && recoverable.payments > 0 && (
                <>
                  {" · "}
                  <Money value={recoverable.formatted} className="font-medium text-text" />{" "}
                  {m.attention_recoverable()}
                </>
              )}
            </p>
          )}
          {hasNoNetwork && <NoNetworkGroup />}
          {data.items.map((item) => {
            const key = `${item.network} ${item.kind} ${item.reason} ${item.endpoint ?? ""}`;
            switch (item.kind) {
              case "gas":
                return <GasGroup key={key} item={item} status={status} />;
              case "file":
                return <FileGroup key={key} item={item} />;
              case "cap":
                return <CapGroup key={key} item={item} />;
              case "reach":
                return <ReachGroup key={key} item={item} />;
              case "webhook":
                // There may be several for the same reason.
                return <WebhookGroup key={`${key} ${item.sentence}`} item={item} />;
              case "backup":
                return <BackupGroup key={key} item={item} />;
              case "deletion":
                return <DeletionGroup key={key} item={item} />;
              case "network":
                return <NetworkGroup key={key} item={item} status={status} />;
              case "payments":
                return (
                  <PaymentGroup
                    key={key}
                    item={item}
                    network={hasSeveral ? titleOf(item.network) : undefined}
                    actions={actions}
                    forAll={forAll}
                    onClosed={() => list.current?.focus()}
                  />
                );
              default:
                return item.kind satisfies never;
            }
          })}
          {brokenOff > 0 && <UndeliveredGroup count={brokenOff} />}
          {uncertain.length > 0 && <Uncertain failures={uncertain} actions={actions} />}
        </section>
      )}
    </Page>
  );
}

function Waiting() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-32 w-full" />
      <Skeleton className="h-32 w-full" />
      <Skeleton className="h-32 w-full" />
    </div>
  );
}
