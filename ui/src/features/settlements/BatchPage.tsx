import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, SearchX } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import type { BatchDetailView } from "../../api/generated/BatchDetailView";
import { usePlatform } from "../../api/platform-context";
import { batchQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { overlayIsOpen } from "../../ui/overlay";
import { Page } from "../../ui/Page";
import { Skeleton, SkeletonRows } from "../../ui/Skeleton";
import { Attempts } from "./Attempts";
import { BatchBadge } from "./BatchBadge";
import { BatchFigures } from "./BatchFigures";
import { BatchSteps } from "./BatchSteps";
import { Outcomes } from "./Outcomes";
import { Scroll } from "./Scroll";
import { Verdict } from "./Verdict";

interface Props {
  batch: string;
  /** What can be done with it. */
  actions(batch: BatchDetailView): ReactNode;
}

/** One batch: how far it is, what it cost, and what became of each payment. */
export function BatchPage({ batch, actions }: Props) {
  const id = /^[1-9]\d{0,14}$/.test(batch) ? Number(batch) : null;
  useEscape(id);
  const title = m.settlements_batch_title({ batch });
  if (id === null) {
    return (
      <Page title={title} fill>
        <Missing />
      </Page>
    );
  }
  return <Known key={id} id={id} title={title} actions={actions} />;
}

function Known({ id, title, actions }: { id: number; title: string } & Pick<Props, "actions">) {
  const { data, error, isFetching, refetch } = useQuery(batchQuery(usePlatform(), id));
  return (
    <Page title={title} beside={data && <BatchBadge state={data.state} />} fill>
      {error?.code === "not_found" ? (
        <Missing />
      ) : (
        <Scroll>
          <Back at={id} />
          {data !== undefined ? (
            <>
              <Parts batch={data} />
              <div className="flex flex-wrap gap-2">
                {actions(data)}
                <CopyButton text={JSON.stringify(data, null, 2)} label={m.settlements_batch_raw()} />
              </div>
            </>
          ) : error === null ? (
            <Loading />
          ) : (
            <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
          )}
        </Scroll>
      )}
    </Page>
  );
}

function Parts({ batch }: { batch: BatchDetailView }) {
  return (
    <>
      <Verdict batch={batch} />
      <BatchFigures batch={batch} />
      <BatchSteps batch={batch} />
      <Attempts batch={batch} />
      <Outcomes items={batch.items} />
    </>
  );
}

function Back({ at }: { at?: number }) {
  return (
    <Link
      to="/settlements"
      search={{ at }}
      className="inline-flex min-h-6 items-center gap-1.5 self-start rounded-control text-accent-text hover:underline"
    >
      <ArrowLeft aria-hidden className="size-4" strokeWidth={1.5} />
      {m.settlements_batch_back()}
    </Link>
  );
}

function Missing() {
  return (
    <EmptyState
      icon={SearchX}
      title={m.settlements_batch_missing_title()}
      text={m.settlements_batch_missing_text()}
      action={
        <Link to="/settlements" className={buttonLook({ variant: "primary" })}>
          {m.settlements_batch_back()}
        </Link>
      }
    />
  );
}

function Loading() {
  return (
    <>
      <div className="grid shrink-0 grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-4">
        {["settled", "fee", "started", "final"].map((figure) => (
          <div key={figure} className="flex flex-col gap-2 rounded-card border bg-surface p-4">
            <Skeleton className="w-20" />
            <Skeleton className="h-6 w-32" />
          </div>
        ))}
      </div>
      <SkeletonRows />
    </>
  );
}

/** Esc goes back to the list, where the batch's row has the focus. */
function useEscape(at: number | null): void {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !overlayIsOpen()) {
        event.preventDefault();
        void navigate({ to: "/settlements", search: at === null ? {} : { at } });
      }
    };
    // Before whatever closes on Esc itself is gone.
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, [navigate, at]);
}
