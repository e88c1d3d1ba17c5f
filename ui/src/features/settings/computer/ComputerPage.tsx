import { useQuery } from "@tanstack/react-query";
import { computerQuery } from "../../../api/computer";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/paraglide/messages";
import { BackLink } from "../../../ui/BackLink";
import { ErrorState } from "../../../ui/ErrorState";
import { Page } from "../../../ui/Page";
import { Skeleton } from "../../../ui/Skeleton";
import { Away } from "./Away";
import { Crashes } from "./Crashes";
import { Starting } from "./Starting";
import { Updates } from "./Updates";

/** How the program behaves on this computer. */
export function ComputerPage() {
  const { data, error, refetch, isFetching } = useQuery(computerQuery(usePlatform()));
  return (
    <Page title={m.computer_title()}>
      <div className="mx-auto flex w-full max-w-[64rem] flex-col gap-8">
        <BackLink to="/settings" hash="computer">
          {m.settings_title()}
        </BackLink>
        {data !== undefined ? (
          <>
            <Starting computer={data} />
            <Away computer={data} />
            <Updates computer={data} />
            <Crashes />
          </>
        ) : error !== null ? (
          <ErrorState
            title={m.computer_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <Skeleton className="h-32 w-full" />
            <Skeleton className="h-32 w-full" />
          </>
        )}
      </div>
    </Page>
  );
}
