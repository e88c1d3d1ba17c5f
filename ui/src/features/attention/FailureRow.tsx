import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { formatCount } from "../../lib/money";
import { relativeTime } from "../../lib/time";
import { Countdown } from "../../ui/Countdown";
import { Money } from "../../ui/Money";
import { useNow } from "../../ui/now";

const dot = "not-last:after:mx-1.5 not-last:after:text-text-3 not-last:after:content-['·']";

interface Props {
  failure: FailureView;
  actions: ReactNode;
  /** Says of it why, where the rows have not one reason in common. */
  withReason?: boolean;
}

/** One payment that needs a look: what is at stake, until when, what was tried, and what can be done. */
export function FailureRow({ failure, actions, withReason = false }: Props) {
  const { id, formatted, endpointTitle, payer, sentence, recoverable, settleUntil } = failure;
  const now = useNow();
  const isOver = !recoverable || settleUntil <= now;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
      <Money value={formatted} className="min-w-20 shrink-0 text-right font-medium" />
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex min-w-0 items-baseline gap-2">
          <Link
            to="/payments/$payment"
            params={{ payment: id }}
            title={endpointTitle}
            className="truncate underline-offset-2 hover:underline"
          >
            <bdi>{endpointTitle}</bdi>
          </Link>
          <code title={payer} className="shrink-0 font-mono text-caption text-text-2">
            {shorten(payer)}
          </code>
        </div>
        {withReason && <p>{sentence}</p>}
        <p className="text-caption text-text-2 tabular-nums">
          <span className={dot}>
            {isOver ? m.attention_row_over() : <Countdown end={settleUntil} always />}
          </span>
          {failure.tries > 0 && (
            <span className={dot}>
              {m.attention_row_tries({ count: failure.tries, number: formatCount(failure.tries) })}
            </span>
          )}
          {failure.nextTryAt !== null && !isOver && (
            <span className={dot}>
              {m.attention_row_next({ time: relativeTime(Math.max(failure.nextTryAt, now), now) })}
            </span>
          )}
        </p>
      </div>
      {actions}
    </li>
  );
}
