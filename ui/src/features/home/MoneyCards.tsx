import { Link } from "@tanstack/react-router";
import { CircleCheck, Clock, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { StatusMoney } from "../../api/generated/StatusMoney";
import { m } from "../../i18n/paraglide/messages";
import { formatCount } from "../../lib/money";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";

const linkLook = "font-medium text-accent-text underline-offset-2 hover:underline";

/** What is on the chain, what is on its way, and what is neither. Three figures that are never added together. */
export function MoneyCards({ money }: { money: StatusMoney | undefined }) {
  return (
    <section
      aria-label={m.home_money()}
      className="grid grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-4"
    >
      <Figure
        icon={CircleCheck}
        tone="bg-settled-soft text-settled"
        title={m.home_settled()}
        hint={m.home_settled_hint()}
        sum={money?.settled}
        link={
          <Link to="/payments" search={{ states: ["settled", "settled_elsewhere"] }} className={linkLook}>
            {payments(money?.settled.payments ?? 0)}
            <span className="sr-only">: {m.home_show_settled()}</span>
          </Link>
        }
        note={money && <Today sum={money.settledToday} />}
      />
      <Figure
        icon={Clock}
        tone="bg-pending-soft text-pending"
        title={m.home_pending()}
        hint={m.home_pending_hint()}
        sum={money?.pending}
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
        tone={
          money === undefined || money.attention.payments === 0
            ? "bg-neutral-soft text-neutral"
            : "bg-failed-soft text-failed"
        }
        title={m.home_attention()}
        hint={m.home_attention_hint()}
        sum={money?.attention}
        link={<span className="text-text-2">{payments(money?.attention.payments ?? 0)}</span>}
        note={
          money &&
          (money.attention.payments === 0 ? (
            m.home_attention_none()
          ) : (
            <Link to="/attention" className={linkLook}>
              {m.home_look()}
              <span className="sr-only">: {m.home_attention()}</span>
            </Link>
          ))
        }
      />
    </section>
  );
}

function payments(count: number): string {
  return m.home_payments({ count, number: formatCount(count) });
}

function Today({ sum }: { sum: MoneyCount }) {
  if (sum.payments === 0) {
    return m.home_settled_none_today();
  }
  return (
    <>
      <Money value={sum.formatted} className="font-medium text-text" />{" "}
      {m.home_settled_today({ count: sum.payments, number: formatCount(sum.payments) })}
    </>
  );
}

interface Props {
  icon: LucideIcon;
  tone: string;
  title: string;
  /** What the figure holds. */
  hint: string;
  sum: MoneyCount | undefined;
  link: ReactNode;
  note: ReactNode;
}

function Figure({ icon: Icon, tone, title, hint, sum, link, note }: Props) {
  return (
    <div className="flex min-w-0 flex-col rounded-card border bg-surface p-4">
      <div className="flex items-center gap-2">
        <span className={cn("inline-flex size-6 items-center justify-center rounded-control", tone)}>
          <Icon aria-hidden className="size-3.5" strokeWidth={2} />
        </span>
        <h2 className="font-medium">{title}</h2>
      </div>
      <div className="mt-3 min-h-9 break-words">
        {sum === undefined ? (
          <Skeleton className="my-1 h-7 w-28" />
        ) : (
          <Money value={sum.formatted} figure="money" />
        )}
      </div>
      <p className="text-caption text-text-2">{hint}</p>
      <div className="mt-3 flex min-h-8 flex-wrap items-end justify-between gap-x-4 gap-y-1 border-t pt-2.5">
        {sum === undefined ? (
          <Skeleton className="h-4 w-40" />
        ) : (
          <>
            {link}
            <span className="text-text-2">{note}</span>
          </>
        )}
      </div>
    </div>
  );
}
