import { useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import type { ReactNode } from "react";
import type { ChecklistView } from "../../../api/generated/ChecklistView";
import { checklistQuery } from "../../../api/payouts";
import { usePlatform } from "../../../api/platform-context";
import { useStallSet } from "../../../api/queries";
import { m } from "../../../i18n/messages";
import { BackLink } from "../../../ui/BackLink";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { ErrorState } from "../../../ui/ErrorState";
import { Page } from "../../../ui/Page";
import { Refusal } from "../../../ui/Refusal";
import { Skeleton } from "../../../ui/Skeleton";
import { notify } from "../../../ui/toast";
import { Step } from "./Step";

interface Props {
  /** What copies endpoints into this environment. */
  copying: ReactNode;
}

/** What stands between the stall and real money, and the button that opens it. */
export function LivePage({ copying }: Props) {
  const { data, error, refetch, isFetching } = useQuery(checklistQuery(usePlatform()));
  const opening = useStallSet();
  const isLive = data?.environment === "live";
  const open = () =>
    opening.mutate(
      { selling: true },
      { onSuccess: () => notify({ title: m.live_opened(), tone: "settled" }) },
    );
  return (
    <Page
      title={m.live_title()}
      beside={data !== undefined && <Progress list={data} />}
      action={
        data !== undefined && isLive && !data.selling ? (
          <Button
            variant="primary"
            icon={Rocket}
            loading={opening.isPending}
            reason={data.ready ? null : m.live_not_yet()}
            onClick={open}
          >
            {m.live_open()}
          </Button>
        ) : undefined
      }
    >
      <div className="mx-auto flex w-full max-w-[48rem] flex-col gap-5">
        <BackLink to="/settings">{m.settings_title()}</BackLink>
        {data !== undefined ? (
          <>
            <p className="text-form text-text-2">{introduction(data)}</p>
            {opening.error !== null && <Refusal title={m.live_open_failed()} error={opening.error} />}
            <ol className="divide-y rounded-card border bg-surface">
              {data.items.map((item, place) => (
                <Step
                  key={`${item.item} ${item.network ?? ""}`}
                  item={item}
                  isNext={place === data.items.findIndex(({ done }) => !done)}
                  isPractice={data.environment === "practice"}
                  isLive={isLive}
                />
              ))}
            </ol>
            <div className="flex flex-wrap items-center justify-between gap-4">
              <p className="min-w-0 flex-1 basis-80 text-text-2">{m.data_copy_text()}</p>
              {copying}
            </div>
          </>
        ) : error !== null ? (
          <ErrorState
            title={m.live_failed()}
            error={error}
            retrying={isFetching}
            onRetry={() => void refetch()}
          />
        ) : (
          <>
            <output className="sr-only">{m.ui_loading()}</output>
            <Skeleton className="h-6 w-full" />
            <Skeleton className="h-80 w-full" />
          </>
        )}
      </div>
    </Page>
  );
}

function Progress({ list: { items, ready } }: { list: ChecklistView }) {
  const done = items.filter((item) => item.done).length;
  return <Badge tone={ready ? "settled" : "neutral"}>{m.live_progress({ done, count: items.length })}</Badge>;
}

function introduction({ environment, ready, selling }: ChecklistView): string {
  if (environment === "practice") {
    return m.live_text_practice();
  }
  if (environment === "test") {
    return m.live_text_test();
  }
  if (!ready) {
    return m.live_text();
  }
  return selling ? m.live_text_selling() : m.live_text_ready();
}
