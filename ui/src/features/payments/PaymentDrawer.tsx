import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { usePlatform } from "../../api/platform-context";
import { paymentQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { Address } from "../../ui/Address";
import { announce } from "../../ui/announce";
import { buttonLook } from "../../ui/Button";
import { Countdown } from "../../ui/Countdown";
import { Drawer } from "../../ui/Drawer";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { StateBadge, stateWord } from "../../ui/StateBadge";
import { GROUPS } from "./filter";
import { useNetworks } from "./networks";
import { useListed, useOpenPayment } from "./open";
import { PaymentFacts } from "./PaymentFacts";
import { Technical } from "./Technical";
import { Timeline } from "./Timeline";
import { WriteOff } from "./WriteOff";

/** One payment beside the list. What its row knows is shown at once, the rest when it is answered. */
export function PaymentDrawer({ payment: id }: { payment: string }) {
  const { data: detail, error, refetch, isFetching } = useQuery(paymentQuery(usePlatform(), id));
  const listed = useListed();
  const { open, close } = useOpenPayment();
  const place = listed.findIndex((row) => row.id === id);
  const payment: PaymentView | undefined = detail ?? listed[place];
  // A record that left the list, such as one that was written off, leaves its place to the next.
  const lastPlace = useRef(0);
  useEffect(() => {
    if (place >= 0) {
      lastPlace.current = place;
    }
  }, [place]);

  const move = (step: 1 | -1) => {
    const next = listed[place >= 0 ? place + step : lastPlace.current + Math.min(step, 0)];
    if (next !== undefined) {
      open(next.id);
      announce(m.payments_shown({ title: next.endpointTitle, state: stateWord(next.state) }));
    }
  };

  return (
    <Drawer
      title={payment === undefined ? m.payments_drawer() : <Title payment={payment} />}
      subtitle={<Subtitle id={id} payment={payment} />}
      onClose={close}
      onMove={listed.length > 0 ? move : undefined}
      footer={payment === undefined ? undefined : actions(payment)}
    >
      {payment === undefined && error !== null ? (
        <ErrorState
          error={error}
          title={m.payments_missing_title()}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : (
        <>
          {payment !== undefined && <Problem payment={payment} />}
          <section className="pb-4">
            <h3 className="mb-2 text-caption font-medium text-text-2">{m.payments_section_timeline()}</h3>
            {detail !== undefined ? (
              <Timeline payment={detail} />
            ) : error !== null ? (
              <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
            ) : (
              <TimelinePlace />
            )}
          </section>
          {payment !== undefined && (
            <>
              <PaymentFacts payment={payment} />
              <Technical payment={detail ?? payment} />
            </>
          )}
        </>
      )}
    </Drawer>
  );
}

function Title({ payment }: { payment: PaymentView }) {
  const { token } = useNetworks();
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <span className="sr-only">{m.payments_drawer()}</span>
      <Money
        value={payment.formatted}
        token={token(payment.network)}
        className="text-title whitespace-normal break-all"
      />
    </span>
  );
}

function Subtitle({ id, payment }: { id: string; payment: PaymentView | undefined }) {
  const end = payment === undefined ? null : payment.validBefore * 1000;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-2.5 gap-y-1">
      {payment !== undefined && <StateBadge state={payment.state} expiresAt={end} />}
      {payment?.state === "queued" && end !== null && <Countdown end={end} />}
      <Address value={id} what={m.payments_id()} head={8} tail={4} />
    </div>
  );
}

/** Why it needs attention, and what the seller can do. */
function Problem({ payment }: { payment: PaymentView }) {
  if (!needsAttention(payment) || payment.reasonSentence === null) {
    return null;
  }
  return (
    <div className="mb-4 flex gap-2.5 rounded-control bg-failed-soft px-3 py-2 text-failed">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div>
        <p className="font-medium">{payment.reasonSentence}</p>
        <p>{m.payments_problem_next()}</p>
      </div>
    </div>
  );
}

function TimelinePlace() {
  return (
    <div className="flex flex-col gap-4 py-1">
      <Skeleton className="h-4 w-56" />
      <Skeleton className="h-4 w-40" />
      <Skeleton className="h-4 w-48" />
    </div>
  );
}

/** What can be done with it now. */
function actions(payment: PaymentView): ReactNode {
  if (payment.state === "queued") {
    return (
      <Link to="/settlements" search={{ settle: true }} className={buttonLook()}>
        {m.payments_settle()}
      </Link>
    );
  }
  return needsAttention(payment) ? <WriteOff key={payment.id} payment={payment} /> : undefined;
}

function needsAttention({ state }: PaymentView): boolean {
  return GROUPS.some(({ name, states }) => name === "problems" && states.includes(state));
}
