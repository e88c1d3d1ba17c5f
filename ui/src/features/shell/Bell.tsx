import { Popover } from "@base-ui/react/popover";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  Archive,
  Bell as BellIcon,
  BellOff,
  CircleArrowUp,
  CircleCheck,
  Coins,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import type { NoticeView } from "../../api/generated/NoticeView";
import { noticesQuery, useNoticesSeen } from "../../api/notices";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { IconButton } from "../../ui/IconButton";
import { Money } from "../../ui/Money";
import { SkeletonRows } from "../../ui/Skeleton";
import { TimeAgo } from "../../ui/TimeAgo";
import { notify } from "../../ui/toast";

/** More than this is not counted out on so small a place. */
const MOST = 99;

/** What the seller was told, behind a bell that says how much of it is new. Each leads to its place. */
export function Bell() {
  const platform = usePlatform();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(noticesQuery(platform));
  const seen = useNoticesSeen();
  const unread = data?.pages[0]?.unread ?? 0;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const newest = items[0];
  const see = (until: string) =>
    seen.mutate(
      { until },
      {
        onError: ({ message }) =>
          notify({ title: m.shell_bell_seen_failed(), description: message, tone: "failed" }),
      },
    );
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <span className="relative inline-flex">
        <Popover.Trigger
          render={
            <IconButton
              icon={BellIcon}
              label={unread === 0 ? m.shell_bell() : m.shell_bell_new({ count: unread })}
            />
          }
        />
        {unread > 0 && (
          <span
            aria-hidden
            className="pointer-events-none absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1 text-center text-[0.625rem] leading-4 font-semibold text-on-accent tabular-nums"
          >
            {unread > MOST ? `${MOST}+` : unread}
          </span>
        )}
      </span>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-50">
          <Popover.Popup className="flex max-h-[min(32rem,80vh)] w-[min(24rem,calc(100vw-2rem))] flex-col rounded-card border bg-surface shadow-overlay outline-none">
            <div className="flex min-h-11 items-center justify-between gap-2 border-b px-4 py-2">
              <Popover.Title className="text-form font-semibold">{m.shell_bell()}</Popover.Title>
              {unread > 0 && newest !== undefined && (
                <Button size="sm" variant="ghost" disabled={seen.isPending} onClick={() => see(newest.id)}>
                  {m.shell_bell_seen()}
                </Button>
              )}
            </div>
            <div className="min-h-0 overflow-y-auto">
              {data === undefined && error !== null ? (
                <ErrorState error={error} retrying={isFetching} onRetry={() => void refetch()} />
              ) : data === undefined ? (
                <SkeletonRows rows={4} />
              ) : items.length === 0 ? (
                <EmptyState icon={BellOff} title={m.shell_bell_none()} text={m.shell_bell_none_text()} />
              ) : (
                <ul>
                  {items.map((notice) => (
                    <li key={notice.id} className="border-b last:border-b-0">
                      <Leading notice={notice} onFollow={() => setOpen(false)} />
                    </li>
                  ))}
                </ul>
              )}
              {hasNextPage && (
                <div className="flex justify-center p-2">
                  <Button
                    size="sm"
                    variant="ghost"
                    loading={isFetchingNextPage}
                    onClick={() => void fetchNextPage()}
                  >
                    {m.shell_bell_more()}
                  </Button>
                </div>
              )}
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** One of them, as the link to where it can be looked at. */
function Leading({ notice, onFollow }: { notice: NoticeView; onFollow(): void }) {
  const { icon: Icon, tone } = lookOf(notice);
  return (
    <Link
      to={placeOf(notice)}
      onClick={onFollow}
      className={cn(
        "flex gap-3 px-4 py-2.5 outline-offset-[-2px] hover:bg-surface-2",
        notice.unread && "bg-accent-soft",
      )}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} strokeWidth={1.5} />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {notice.unread && <span className="sr-only">{m.shell_bell_is_new()} </span>}
        <Said notice={notice} />
        <span className="block text-caption text-text-2">
          {notice.over && `${m.shell_bell_over()} · `}
          <TimeAgo at={notice.until} />
        </span>
      </span>
    </Link>
  );
}

function Said({ notice: { kind, about, sentence, money } }: { notice: NoticeView }): ReactNode {
  switch (kind) {
    case "sales":
      return (
        <>
          {about === ""
            ? m.shell_bell_sales({ count: money.payments, number: formatCount(money.payments) })
            : m.shell_bell_sale({ title: about })}{" "}
          <Money value={money.formatted} className="font-medium" />
        </>
      );
    case "backup":
      return m.shell_bell_backup();
    case "version":
      return m.shell_bell_version({ version: about });
    default:
      return sentence;
  }
}

function lookOf({ kind, over }: NoticeView): { icon: LucideIcon; tone: string } {
  switch (kind) {
    case "sales":
      return { icon: Coins, tone: "text-settled" };
    case "backup":
      return { icon: Archive, tone: "text-text-2" };
    case "version":
      return { icon: CircleArrowUp, tone: "text-accent-text" };
    default:
      return over
        ? { icon: CircleCheck, tone: "text-text-2" }
        : { icon: TriangleAlert, tone: "text-warning" };
  }
}

function placeOf({ kind }: NoticeView) {
  switch (kind) {
    case "sales":
      return "/payments" as const;
    case "backup":
      return "/settings/backups" as const;
    case "version":
      return "/settings" as const;
    default:
      return "/attention" as const;
  }
}
