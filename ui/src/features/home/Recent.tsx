import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Receipt } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { RECENT_PAYMENTS, recentPaymentsQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { Card } from "../../ui/Card";
import { cn } from "../../ui/cn";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { preferences } from "../../ui/preferences";
import { SkeletonRows } from "../../ui/Skeleton";
import { StateBadge } from "../../ui/StateBadge";
import { TimeAgo } from "../../ui/TimeAgo";

/** The newest payments, as they come. */
export function Recent() {
  const { data, error, refetch, isFetching } = useQuery(recentPaymentsQuery(usePlatform()));
  const [openedAt] = useState(Date.now);
  const payments = data?.items ?? [];
  return (
    <Card
      title={m.home_recent()}
      aside={
        payments.length > 0 && (
          <Link to="/payments" className="font-medium text-accent-text underline-offset-2 hover:underline">
            {m.home_recent_all()}
          </Link>
        )
      }
    >
      {data === undefined && error !== null ? (
        <ErrorState
          title={m.home_recent_failed()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      ) : data === undefined ? (
        <SkeletonRows rows={RECENT_PAYMENTS} />
      ) : payments.length === 0 ? (
        <EmptyState icon={Receipt} title={m.home_recent_none()} text={m.home_recent_empty()} />
      ) : (
        <ul className="-mx-4 -mb-4 overflow-hidden rounded-b-card border-t">
          {payments.map((payment) => (
            <li key={payment.id} className="border-b last:border-b-0">
              <Link
                to="/payments/$payment"
                params={{ payment: payment.id }}
                onKeyDown={goToNeighbour}
                className={cn(
                  "flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1.5 outline-offset-[-2px] hover:bg-surface-2",
                  payment.createdAt > openedAt && "animate-tint",
                )}
              >
                <TimeAgo at={payment.createdAt} className="w-22 truncate text-text-2" />
                <span className="w-38">
                  <StateBadge state={payment.state} expiresAt={payment.validBefore * 1000} />
                </span>
                <span className="min-w-0 flex-1 basis-48 truncate">
                  <bdi title={payment.endpointTitle}>{payment.endpointTitle}</bdi>{" "}
                  <code title={payment.payer} className="ml-1 font-mono text-caption text-text-3">
                    {shorten(payment.payer)}
                  </code>
                </span>
                <Money value={payment.formatted} className="text-right font-medium" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Arrows, and J and K where letters do something, go from row to row. */
function goToNeighbour(event: KeyboardEvent<HTMLAnchorElement>) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const letters = preferences().letterKeys;
  const row = event.currentTarget.closest("li");
  const isNext = event.key === "ArrowDown" || (letters && event.key === "j");
  const isPrevious = event.key === "ArrowUp" || (letters && event.key === "k");
  if (isNext || isPrevious) {
    event.preventDefault();
    const neighbour = isNext ? row?.nextElementSibling : row?.previousElementSibling;
    neighbour?.querySelector("a")?.focus();
  }
}
