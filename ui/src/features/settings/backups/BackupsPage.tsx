import { useQuery } from "@tanstack/react-query";
import { backupsQuery } from "../../../api/backups";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/paraglide/messages";
import { BackLink } from "../../../ui/BackLink";
import { ErrorState } from "../../../ui/ErrorState";
import { Page } from "../../../ui/Page";
import { Skeleton } from "../../../ui/Skeleton";
import { Making } from "./Making";
import { Planned } from "./Planned";
import { PuttingBack } from "./PuttingBack";

/** Backups: one now, the ones that are made by themselves, and putting one back. */
export function BackupsPage() {
  const { data, error, refetch, isFetching } = useQuery(backupsQuery(usePlatform()));
  return (
    <Page title={m.backups_title()}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-8">
        <BackLink to="/settings" hash="backups">
          {m.settings_title()}
        </BackLink>
        {data !== undefined ? (
          <>
            <Making />
            <Planned state={data} />
            <PuttingBack state={data} />
          </>
        ) : error !== null ? (
          <ErrorState
            title={m.backups_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <Skeleton className="h-24 w-full" />
            <Skeleton className="h-24 w-full" />
          </>
        )}
      </div>
    </Page>
  );
}
