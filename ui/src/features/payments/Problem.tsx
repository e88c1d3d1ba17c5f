import { TriangleAlert } from "lucide-react";
import type { FailureView } from "../../api/generated/FailureView";
import type { PaymentView } from "../../api/generated/PaymentView";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { relativeTime } from "../../lib/time";
import { Countdown } from "../../ui/Countdown";
import { useNow } from "../../ui/now";
import { GROUPS } from "./filter";

interface Props {
  payment: PaymentView;
  failure: FailureView | undefined;
}

/** Why a payment needs attention, until when it can be saved, and what was tried. */
export function Problem({ payment, failure }: Props) {
  const now = useNow();
  const why = failure?.sentence ?? payment.reasonSentence;
  if (!needsAttention(payment) || why === null) {
    return null;
  }
  const end = payment.validBefore * 1000;
  const isOver = end <= now || failure?.recoverable === false;
  return (
    <div className="mb-4 flex gap-2.5 rounded-control bg-failed-soft px-3 py-2 text-failed">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={1.5} />
      <div>
        <p className="font-medium">{why}</p>
        <p className="tabular-nums">
          {isOver ? m.payments_problem_over() : <Countdown end={end} always plain />}
          {failure !== undefined && failure.tries > 0 && (
            <> · {m.payments_problem_tries({ count: failure.tries, number: formatCount(failure.tries) })}</>
          )}
          {failure !== undefined && failure.nextTryAt !== null && !isOver && (
            <>
              {" · "}
              {m.payments_problem_next({ time: relativeTime(Math.max(failure.nextTryAt, now), now) })}
            </>
          )}
        </p>
      </div>
    </div>
  );
}

/** Whether it was not settled, and the seller has not closed it. */
function needsAttention({ state }: PaymentView): boolean {
  return GROUPS.some(({ name, states }) => name === "problems" && states.includes(state));
}
