import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { failureQuery } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import type { PaymentView } from "../../api/generated/PaymentView";
import { useNetworks } from "../../api/network-names";
import { usePlatform } from "../../api/platform-context";
import { paymentQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Address } from "../../ui/Address";
import { announce } from "../../ui/announce";
import { buttonLook } from "../../ui/Button";
import { Countdown } from "../../ui/Countdown";
import { Drawer } from "../../ui/Drawer";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { StateBadge, stateWord } from "../../ui/StateBadge";
import { Note } from "./Note";
import { useListed, useOpenPayment } from "./open";
import { PaymentFacts } from "./PaymentFacts";
import { Problem } from "./Problem";
import { Receipt } from "./Receipt";
import { Refund } from "./Refund";
import { Refunds } from "./Refunds";
import { Technical } from "./Technical";
import { Timeline } from "./Timeline";
import { Told } from "./Told";

/** These are over. */
const DECIDED = ["settled", "settled_elsewhere", "voided"];

/** The money of these arrived. */
const PAID = ["settled", "settled_elsewhere"];

/** Something can be done about these, or nearly always. */
const FOLLOWED = ["failed", "expired", "cancelled", "diverted", "written_off"];

interface Props {
  payment: string;
  /** What can be done about one that is not settled. */
  actions(failure: FailureView): ReactNode;
}

/** One payment beside the list. What its row knows is shown at once, the rest when it is answered. */
export function PaymentDrawer({ payment: id, actions }: Props) {
  const platform = usePlatform();
  const { data: detail, error, refetch, isFetching } = useQuery(paymentQuery(platform, id));
  const listed = useListed();
  const { open, close } = useOpenPayment();
  const place = listed.findIndex((row) => row.id === id);
  const payment: PaymentView | undefined = detail ?? listed[place];
  const { data: failure } = useQuery({
    ...failureQuery(platform, id),
    enabled: payment !== undefined && !DECIDED.includes(payment.state),
  });
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
      footer={
        payment !== undefined && hasFooter(payment, failure) ? (
          <Footer key={id} payment={payment} failure={failure} actions={actions} />
        ) : undefined
      }
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
          {payment !== undefined && <Problem payment={payment} failure={failure} />}
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
              <PaymentFacts payment={payment} cost={detail?.cost ?? null} />
              {detail !== undefined && <Receipt key={id} payment={detail} />}
              {isPaid(payment) && <Refunds payment={id} />}
              <Told payment={id} />
              {detail !== undefined && <Note key={`note ${id}`} payment={detail} />}
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

function TimelinePlace() {
  return (
    <div className="flex flex-col gap-4 py-1">
      <Skeleton className="h-4 w-56" />
      <Skeleton className="h-4 w-40" />
      <Skeleton className="h-4 w-48" />
    </div>
  );
}

interface FooterProps {
  payment: PaymentView;
  failure: FailureView | undefined;
  actions(failure: FailureView): ReactNode;
}

/** What can be done with it now. */
function Footer({ payment, failure, actions }: FooterProps) {
  if (isPaid(payment)) {
    return <Refund payment={payment} />;
  }
  if (payment.state !== "queued") {
    // Its height is kept while it is asked what can be done.
    return failure === undefined ? <span className="min-h-8" /> : actions(failure);
  }
  return (
    <>
      {failure !== undefined && actions(failure)}
      <Link to="/settlements" search={{ settle: true }} className={buttonLook()}>
        {m.payments_settle()}
      </Link>
    </>
  );
}

/** Whether anything can be done about it, or it is not known yet. */
function hasFooter({ state }: PaymentView, failure: FailureView | undefined): boolean {
  if (state === "queued" || PAID.includes(state)) {
    return true;
  }
  return failure === undefined ? FOLLOWED.includes(state) : failure.actions.length > 0;
}

function isPaid({ state }: PaymentView): boolean {
  return PAID.includes(state);
}
