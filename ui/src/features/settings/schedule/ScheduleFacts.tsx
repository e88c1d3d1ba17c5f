import type { ReactNode } from "react";
import type { ScheduleView } from "../../../api/generated/ScheduleView";
import { m } from "../../../i18n/messages";
import { shortCoin } from "../../../lib/coin";
import { formatCount } from "../../../lib/money";
import { duration, plannedTime } from "../../../lib/time";
import { Badge } from "../../../ui/Badge";
import { Money } from "../../../ui/Money";
import { nextRun } from "../../../ui/next-run";
import { useNow } from "../../../ui/now";
import { TimeAgo } from "../../../ui/TimeAgo";
import { gasWords } from "./gas";
import { Warnings } from "./Warnings";

/** What a schedule means now: the next run and why, until when waiting is safe, what gas costs. */
export function ScheduleFacts({ view, token }: { view: ScheduleView; token: string | undefined }) {
  const { next, safeUntil, waiting, gasNow, gasCeiling, gasTooDear, costEach, nativeSymbol } = view;
  const now = useNow();
  return (
    <>
      <dl className="mt-2 flex flex-col gap-1.5">
        <Fact name={m.schedule_next()}>
          {next === null ? (
            m.schedule_next_none()
          ) : (
            <>
              <TimeAgo at={next.at} className="font-medium" />{" "}
              <span className="text-text-2">{nextRun(next, now)}</span>
            </>
          )}
        </Fact>
        <Fact name={m.schedule_waiting()}>
          <Money value={waiting.formatted} token={token} className="font-medium" />{" "}
          <span className="text-text-2">
            {m.schedule_payments({ count: waiting.payments, shown: formatCount(waiting.payments) })}
          </span>
          {safeUntil !== null && (
            <span className="text-text-2">
              {" · "}
              {m.schedule_safe()}{" "}
              <time dateTime={new Date(safeUntil).toISOString()} className="text-text">
                {plannedTime(safeUntil)}
              </time>
            </span>
          )}
        </Fact>
        <Fact name={m.schedule_gas()}>
          {gasNow === null ? (
            <span className="text-text-2">{m.schedule_gas_unknown()}</span>
          ) : (
            <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="tabular-nums">{m.schedule_gas_now({ price: gasWords(gasNow) })}</span>
              {gasCeiling !== null && (
                <span className="text-text-2 tabular-nums">
                  {m.schedule_gas_ceiling({ price: gasWords(gasCeiling) })}
                </span>
              )}
              {gasTooDear && <Badge tone="warning">{m.schedule_gas_dear()}</Badge>}
            </span>
          )}
          {costEach !== null && (
            <div className="text-text-2">
              {m.schedule_cost({ cost: `${shortCoin(costEach, "up")} ${nativeSymbol}` })}
              {view.minimumPrice !== null && (
                <>
                  {" "}
                  {m.schedule_least()} <Money value={view.minimumPrice.formatted} token={token} />
                </>
              )}
            </div>
          )}
        </Fact>
        <Fact name={m.schedule_sign()}>{duration(view.windowSeconds * 1000)}</Fact>
        {view.lastRun !== null && (
          <Fact name={m.schedule_last()}>
            <TimeAgo at={view.lastRun} absolute />
          </Fact>
        )}
      </dl>
      <Warnings warnings={view.warnings} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-4">
      <dt className="w-28 shrink-0 text-text-2">{name}</dt>
      <dd className="min-w-0 flex-[1_1_16rem] break-words">{children}</dd>
    </div>
  );
}
