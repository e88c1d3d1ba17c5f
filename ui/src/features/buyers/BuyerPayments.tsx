import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { payerPaymentsQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { StateBadge } from "../../ui/StateBadge";
import { TimeAgo } from "../../ui/TimeAgo";
import { Section } from "./Section";

/** How many are shown here; the page of payments has the rest. */
const SHOWN = 8;

/** The buyer's newest payments. */
export function BuyerPayments({ payer }: { payer: string }) {
  const { data, error, refetch, isFetching } = useQuery(payerPaymentsQuery(usePlatform(), payer, SHOWN));
  return (
    <Section title={m.buyers_section_payments()}>
      {data !== undefined ? (
        <>
          {data.items.length === 0 && <p className="text-text-2">{m.buyers_payments_none()}</p>}
          <ul className="-mx-2 flex flex-col">
            {data.items.map((payment) => (
              <Line key={payment.id} payment={payment} />
            ))}
          </ul>
          {data.next !== null && (
            <Link
              to="/payments"
              search={{ payer }}
              className="mt-2 inline-block text-accent-text underline underline-offset-2"
            >
              {m.buyers_payments_all()}
            </Link>
          )}
        </>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : (
        <div className="flex flex-col gap-3 py-1">
          <Skeleton className="h-4 w-full" />
          <Skeleton className="h-4 w-full" />
          <Skeleton className="h-4 w-full" />
        </div>
      )}
    </Section>
  );
}

function Line({ payment }: { payment: PaymentView }) {
  const { token } = useNetworks();
  return (
    <li>
      <Link
        to="/payments/$payment"
        params={{ payment: payment.id }}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-0.5 rounded-control px-2 py-1.5 hover:bg-surface-2"
      >
        <bdi className="truncate" title={payment.endpointTitle}>
          {payment.endpointTitle}
        </bdi>
        <Money value={payment.formatted} token={token(payment.network)} className="text-right font-medium" />
        <TimeAgo at={payment.createdAt} className="text-caption text-text-2" />
        <span className="justify-self-end">
          <StateBadge state={payment.state} expiresAt={payment.validBefore * 1000} />
        </span>
      </Link>
    </li>
  );
}
