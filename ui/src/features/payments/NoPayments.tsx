import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FilePlus2, FilterX, Inbox, Play, Power } from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { endpointsQuery, statusQuery, useStallSet } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button, buttonLook } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { EmptyState } from "../../ui/EmptyState";
import { notify } from "../../ui/toast";

/** Why there are no payments to show, and the one thing to do about it. */
export function NoPayments({ isFiltered, onClear }: { isFiltered: boolean; onClear(): void }) {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  if (isFiltered) {
    return (
      <EmptyState
        icon={FilterX}
        title={m.payments_none_title()}
        text={m.payments_none_text()}
        action={<Button onClick={onClear}>{m.payments_clear()}</Button>}
      />
    );
  }
  return status?.selling === false ? <Paused /> : <NoneYet />;
}

function Paused() {
  const { mutate, isPending } = useStallSet();
  const turnOn = () =>
    mutate(
      { selling: true },
      {
        onSuccess: () => notify({ title: m.payments_paused_done(), tone: "settled" }),
        onError: ({ message }) =>
          notify({ title: m.payments_paused_failed(), description: message, tone: "failed" }),
      },
    );
  return (
    <EmptyState
      icon={Power}
      title={m.payments_paused_title()}
      text={m.payments_paused_text()}
      action={
        <Button variant="primary" icon={Play} loading={isPending} onClick={turnOn}>
          {m.payments_paused_action()}
        </Button>
      }
    />
  );
}

function NoneYet() {
  const { data } = useQuery(endpointsQuery(usePlatform()));
  const live = data?.items.findLast(({ state, url }) => state === "live" && url !== null);
  if (data === undefined || (live?.url ?? null) !== null) {
    return (
      <EmptyState
        icon={Inbox}
        title={m.payments_empty_title()}
        text={m.payments_empty_text()}
        action={
          live !== undefined &&
          live.url !== null && (
            <div className="flex flex-col items-center gap-2">
              <span className="max-w-[24rem] truncate text-text-2" title={live.title}>
                <bdi>{live.title}</bdi>
              </span>
              <CopyButton text={live.url} label={m.payments_empty_copy()} size="md" variant="primary" />
            </div>
          )
        }
      />
    );
  }
  const hasAny = data.items.length > 0;
  return (
    <EmptyState
      icon={Inbox}
      title={m.payments_empty_title()}
      text={hasAny ? m.payments_empty_closed() : m.payments_empty_nothing()}
      action={
        hasAny ? (
          <Link to="/endpoints" className={buttonLook()}>
            {m.payments_empty_endpoints()}
          </Link>
        ) : (
          <Link to="/endpoints" search={{ add: true }} className={buttonLook({ variant: "primary" })}>
            <FilePlus2 aria-hidden className="size-4" strokeWidth={1.5} />
            {m.payments_empty_price()}
          </Link>
        )
      }
    />
  );
}
