import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { ErrorState } from "../../ui/ErrorState";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { About } from "./About";
import { BackupsSummary } from "./backups/BackupsSummary";
import { ComputerSummary } from "./computer/ComputerSummary";
import { DataSummary } from "./data/DataSummary";
import { EnvironmentSection } from "./environment/EnvironmentSection";
import { Exposure } from "./exposure/Exposure";
import { General } from "./General";
import { LiveSummary } from "./live/LiveSummary";
import { Networks } from "./networks/Networks";
import { NotificationsSummary } from "./notifications/NotificationsSummary";
import { PracticeMoney } from "./PracticeMoney";
import { Payouts } from "./payout/Payouts";
import { ReachSummary } from "./reach/ReachSummary";
import { SectionList } from "./SectionList";
import { Schedules } from "./schedule/Schedules";
import { Stall } from "./stall/Stall";
import { useNamedSection } from "./useNamedSection";
import { WalletSummary } from "./wallet/WalletSummary";
import { WebhookSummary } from "./webhooks/WebhookSummary";

/** What can be set. What concerns this window only is there whatever the stall does. */
export function SettingsPage() {
  const { data: status, error, refetch, isFetching } = useQuery(statusQuery(usePlatform()));
  const sections = useRef<HTMLDivElement>(null);
  useNamedSection(sections);
  return (
    <Page title={m.settings_title()}>
      <div className="@container">
        <div className="flex flex-col gap-x-8 gap-y-6 @3xl:flex-row @3xl:items-start">
          <SectionList environment={status?.environment} />
          <div ref={sections} className="flex min-w-0 flex-1 flex-col gap-8">
            <General />
            <ComputerSummary />
            {status !== undefined ? (
              <>
                <Stall status={status} />
                <Payouts status={status} />
                <Networks status={status} />
                <WalletSummary status={status} />
                <ReachSummary />
                <Schedules status={status} />
                <Exposure status={status} />
                <NotificationsSummary />
                <WebhookSummary />
                <EnvironmentSection />
                <LiveSummary />
                <BackupsSummary />
                <DataSummary />
                {status.environment === "practice" && <PracticeMoney token={status.networks[0]?.asset} />}
              </>
            ) : error !== null ? (
              <ErrorState
                title={m.settings_failed()}
                error={error}
                retrying={isFetching}
                onRetry={() => void refetch()}
              />
            ) : (
              <>
                <Skeleton className="h-32 w-full" />
                <Skeleton className="h-32 w-full" />
              </>
            )}
            <About environment={status?.environment} />
          </div>
        </div>
      </div>
    </Page>
  );
}
