import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleHelp, type LucideIcon, OctagonX } from "lucide-react";
import type { ReactNode } from "react";
import type { IncomeView } from "../../api/generated/IncomeView";
import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { ReconciliationView } from "../../api/generated/ReconciliationView";
import { useNetworks } from "../../api/networks";
import { m } from "../../i18n/messages";
import { addressPage, transactionPage } from "../../lib/explorer";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { useAmountText } from "../../ui/amounts";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";

/** Whether the books and the chain agree, and if not, by how much. */
function verdict(
  { agrees, missing, unexplained }: ReconciliationView,
  amount: (decimal: string) => string,
): string {
  if (!agrees) {
    return m.reports_compared_missing({ amount: amount(missing.formatted) });
  }
  return unexplained.payments > 0
    ? m.reports_compared_more({ amount: amount(unexplained.formatted) })
    : m.reports_compared_agrees();
}

/** What the chain and the books say of one payout address. */
export function Compared({ item }: { item: ReconciliationView }) {
  const network = useNetworks().find((one) => one.network === item.network);
  const { icon: Icon, tone } = look(item);
  const amount = useAmountText();
  return (
    <article className="overflow-hidden rounded-card border bg-surface">
      <header className="flex flex-wrap items-start gap-x-6 gap-y-2 p-4">
        <div className="flex min-w-0 flex-1 basis-96 items-start gap-2.5">
          <Icon aria-hidden className={cn("mt-0.5 size-5 shrink-0", tone)} strokeWidth={1.5} />
          <div className="min-w-0">
            <h2 className="text-form font-semibold break-words">{verdict(item, amount)}</h2>
            <p className="text-caption text-text-2">
              {network?.title ?? item.network} ·{" "}
              {m.reports_blocks({ from: formatCount(item.fromBlock), to: formatCount(item.toBlock) })}
            </p>
          </div>
        </div>
        <Address
          value={item.payTo}
          what={m.reports_payout()}
          tail={6}
          explorer={addressPage(network, item.payTo)}
        />
      </header>
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-px border-t bg-border">
        <Sum name={m.reports_received()} sum={item.received} />
        <Sum name={m.reports_booked()} sum={item.booked} />
        <Sum name={m.reports_unexplained()} sum={item.unexplained} />
        <Sum name={m.reports_missing()} sum={item.missing} isBad={!item.agrees} />
      </dl>
      {item.unexplainedItems.length > 0 && (
        <Listed title={m.reports_unexplained_list()} text={m.reports_unexplained_text()}>
          {item.unexplainedItems.map((income) => (
            <Income
              key={`${income.transaction} ${income.from} ${income.amount}`}
              income={income}
              item={item}
            />
          ))}
        </Listed>
      )}
      {item.missingItems.length > 0 && (
        <Listed title={m.reports_missing_list()} text={m.reports_missing_text()}>
          {item.missingItems.map((payment) => (
            <li key={payment} className="py-1.5">
              <Link
                to="/payments/$payment"
                params={{ payment }}
                className="font-mono text-caption break-all text-accent-text underline underline-offset-2"
              >
                {payment}
              </Link>
            </li>
          ))}
        </Listed>
      )}
    </article>
  );
}

function look(item: ReconciliationView): { icon: LucideIcon; tone: string } {
  if (!item.agrees) {
    return { icon: OctagonX, tone: "text-failed" };
  }
  return item.unexplained.payments > 0
    ? { icon: CircleHelp, tone: "text-warning" }
    : { icon: CircleCheck, tone: "text-settled" };
}

function Sum({ name, sum, isBad = false }: { name: string; sum: MoneyCount; isBad?: boolean }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-caption text-text-2">{name}</dt>
      <dd>
        <Money value={sum.formatted} className={cn("text-section", isBad && "text-failed")} />
        <div className="text-caption text-text-2 tabular-nums">
          {m.reports_transfers({ count: sum.payments, number: formatCount(sum.payments) })}
        </div>
      </dd>
    </div>
  );
}

function Listed({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section className="border-t p-4">
      <h3 className="font-medium">{title}</h3>
      <p className="text-caption text-text-2">{text}</p>
      <ul className="mt-2 divide-y">{children}</ul>
    </section>
  );
}

function Income({ income, item }: { income: IncomeView; item: ReconciliationView }) {
  const network = useNetworks().find((one) => one.network === item.network);
  const { formatted, from, transaction, block } = income;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1 py-1.5">
      <Money value={formatted} className="w-20 shrink-0 text-right font-medium" />
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-6">
        <Address value={from} what={m.reports_sender()} explorer={addressPage(network, from)} />
        <Address
          value={transaction}
          what={m.reports_transaction()}
          explorer={transactionPage(network, transaction)}
        />
      </span>
      <span className="text-caption text-text-2 tabular-nums">
        {m.reports_block({ block: formatCount(block) })}
      </span>
    </li>
  );
}
