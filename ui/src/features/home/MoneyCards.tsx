import { Link } from "@tanstack/react-router";
import { CircleCheck, Clock, TriangleAlert } from "lucide-react";
import type { StatusMoney } from "../../api/generated/StatusMoney";
import { useHindrances } from "../../api/hindrances";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Money } from "../../ui/Money";
import { TimeAgo } from "../../ui/TimeAgo";
import { FeesCard } from "./FeesCard";
import { Figure, linkLook } from "./Figure";
import { More } from "./More";

/** What came on the chain today, what is on its way, what is neither, and what it cost. They are never added together. */
export function MoneyCards({ money }: { money: StatusMoney | undefined }) {
  const { all: hindrances } = useHindrances();
  const needsNothing = money === undefined || (money.attention.payments === 0 && hindrances === 0);
  return (
    <section
      aria-label={m.home_money()}
      className="grid grid-cols-[repeat(auto-fit,minmax(12.5rem,1fr))] gap-4"
    >
      <Figure
        icon={CircleCheck}
        tone="bg-settled-soft text-settled"
        title={m.home_settled_today()}
        hint={
          money === undefined ? (
            m.home_settled_hint()
          ) : (
            <More
              more={money.settledMore}
              words={{
                more: m.home_more_than_yesterday(),
                less: m.home_less_than_yesterday(),
                same: m.home_same_as_yesterday(),
              }}
            />
          )
        }
        value={money?.settledToday.formatted}
        link={<span className="text-text-2">{payments(money?.settledToday.payments ?? 0)}</span>}
        note={
          // The list knows the days of sales and not those of their arrival: it shows all of them.
          money && (
            <Link to="/payments" search={{ states: ["settled", "settled_elsewhere"] }} className={linkLook}>
              {m.home_settled_all()} <Money value={money.settled.formatted} />
              <span className="sr-only">: {m.home_show_settled()}</span>
            </Link>
          )
        }
      />
      <Figure
        icon={Clock}
        tone="bg-pending-soft text-pending"
        title={m.home_pending()}
        hint={
          money === undefined || money.pendingUntil === null ? (
            m.home_pending_hint()
          ) : (
            <>
              {m.home_pending_until()} <TimeAgo at={money.pendingUntil} />
            </>
          )
        }
        value={money?.pending.formatted}
        link={
          <Link to="/payments" search={{ states: ["queued", "settling"] }} className={linkLook}>
            {payments(money?.pending.payments ?? 0)}
            <span className="sr-only">: {m.home_show_pending()}</span>
          </Link>
        }
        note={
          money &&
          (money.pending.payments === 0 ? (
            m.home_pending_none()
          ) : (
            <Link to="/settlements" search={{ settle: true }} className={linkLook}>
              {m.home_settle()}
            </Link>
          ))
        }
      />
      <Figure
        icon={TriangleAlert}
        tone={needsNothing ? "bg-neutral-soft text-neutral" : "bg-failed-soft text-failed"}
        title={m.home_attention()}
        hint={hindrances === 0 ? m.home_attention_hint() : m.home_attention_others({ count: hindrances })}
        value={money?.attention.formatted}
        link={<span className="text-text-2">{payments(money?.attention.payments ?? 0)}</span>}
        note={
          money &&
          (needsNothing ? (
            m.home_attention_none()
          ) : (
            <Link to="/attention" className={linkLook}>
              {m.home_look()}
              <span className="sr-only">: {m.home_attention()}</span>
            </Link>
          ))
        }
      />
      <FeesCard />
    </section>
  );
}

function payments(count: number): string {
  return m.home_payments({ count, number: formatCount(count) });
}
