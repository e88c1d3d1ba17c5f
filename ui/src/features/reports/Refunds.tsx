import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Undo2 } from "lucide-react";
import { refundsQuery } from "../../api/books";
import type { RefundView } from "../../api/generated/RefundView";
import { useNetworks } from "../../api/networks";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { transactionPage } from "../../lib/explorer";
import { Address } from "../../ui/Address";
import { Button, buttonLook } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { SkeletonRows } from "../../ui/Skeleton";
import { TimeAgo } from "../../ui/TimeAgo";

/** Everything that was given back, newest first. */
export function Refunds() {
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(refundsQuery(usePlatform()));
  const refunds = data?.pages.flatMap(({ items }) => items);
  if (refunds === undefined) {
    return error === null ? (
      <div className="rounded-card border bg-surface">
        <SkeletonRows rows={5} />
      </div>
    ) : (
      <ErrorState
        title={m.reports_refunds_failed()}
        error={error}
        retrying={isFetching}
        onRetry={() => void refetch()}
      />
    );
  }
  if (refunds.length === 0) {
    return (
      <EmptyState
        icon={Undo2}
        title={m.reports_refunds_empty()}
        text={m.reports_refunds_empty_text()}
        action={
          <Link to="/payments" search={{ states: ["settled", "settled_elsewhere"] }} className={buttonLook()}>
            {m.reports_refunds_empty_action()}
          </Link>
        }
      />
    );
  }
  return (
    <div className="flex flex-col items-start gap-3">
      <ul aria-label={m.reports_tab_refunds()} className="w-full divide-y rounded-card border bg-surface">
        {refunds.map((refund) => (
          <Refund key={refund.id} refund={refund} />
        ))}
      </ul>
      {hasNextPage && (
        <Button size="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {m.reports_more()}
        </Button>
      )}
    </div>
  );
}

function Refund({ refund }: { refund: RefundView }) {
  const { formatted, payment, payer, note, transaction, recordedAt, network } = refund;
  const known = useNetworks().find((one) => one.network === network);
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2.5">
      <Money value={formatted} className="w-20 shrink-0 text-right font-medium" />
      <div className="min-w-0 flex-1 basis-72">
        <p className="break-words">
          {m.reports_refund_to()}{" "}
          <code title={payer} className="font-mono text-caption">
            {shorten(payer)}
          </code>
          {" · "}
          <Link
            to="/payments/$payment"
            params={{ payment }}
            className="text-accent-text underline underline-offset-2"
          >
            {m.reports_refund_payment()}
          </Link>
        </p>
        {note !== null && (
          <p className="text-caption break-words text-text-2">
            <bdi>{note}</bdi>
          </p>
        )}
      </div>
      <Address
        value={transaction}
        what={m.reports_transaction()}
        explorer={transactionPage(known, transaction)}
      />
      <TimeAgo at={recordedAt} className="w-28 shrink-0 text-right text-text-2" />
    </li>
  );
}
