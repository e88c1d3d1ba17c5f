import type { ReactNode } from "react";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { Countdown } from "../../ui/Countdown";
import { Money } from "../../ui/Money";

/** Which payment a question is about. */
export function PaymentFacts({ failure }: { failure: FailureView }) {
  const { formatted, endpointTitle, payer, sentence, recoverable, settleUntil } = failure;
  return (
    <dl className="flex flex-col gap-1 rounded-control bg-surface-2 p-3">
      <Fact name={m.failures_amount()}>
        <Money value={formatted} className="font-medium" />
      </Fact>
      <Fact name={m.failures_for()}>
        <bdi>{endpointTitle}</bdi>
      </Fact>
      <Fact name={m.failures_buyer()}>
        <code title={payer} className="font-mono text-caption">
          {shorten(payer)}
        </code>
      </Fact>
      <Fact name={m.failures_why()}>{sentence}</Fact>
      <Fact name={m.failures_time()}>
        {recoverable ? <Countdown end={settleUntil} always /> : m.failures_over()}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-4">
      <dt className="w-24 shrink-0 text-text-2">{name}</dt>
      <dd className="min-w-0 flex-[1_1_12rem] break-words">{children}</dd>
    </div>
  );
}
