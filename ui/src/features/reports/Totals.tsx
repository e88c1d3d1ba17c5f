import type { ReactNode } from "react";
import { useState } from "react";
import type { ReportLine } from "../../api/generated/ReportLine";
import { useNetwork } from "../../api/networks";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Coin } from "../../ui/Coin";
import { Money } from "../../ui/Money";
import { CoinPrice } from "./CoinPrice";

/** All of the days on one network: what came, less what it cost, less what was given back, is what is left. */
export function Totals({ line, isOnly }: { line: ReportLine; isOnly: boolean }) {
  const title = useNetwork(line.network)?.title ?? line.network;
  const [isAsking, setAsking] = useState(false);
  const { cost, lost, costValue, unpriced, net } = line;
  const isUnpriced = unpriced.wei !== "0";
  return (
    <section aria-label={title} className="rounded-card border bg-surface">
      {!isOnly && <h2 className="border-b px-4 py-2 text-body font-medium">{title}</h2>}
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(13rem,1fr))] gap-px overflow-hidden rounded-card bg-border">
        <Figure
          name={m.reports_gross()}
          note={m.reports_payments({ count: line.payments, number: formatCount(line.payments) })}
        >
          <Money value={line.gross.formatted} figure="title" />
        </Figure>
        <Figure
          name={m.reports_costs()}
          note={
            lost.wei === "0" ? (
              isUnpriced || cost.wei === "0" ? (
                m.reports_costs_note()
              ) : (
                <Coin value={cost.formatted} symbol={cost.coin} rounding="up" />
              )
            ) : (
              <>
                <Coin value={lost.formatted} symbol={lost.coin} rounding="up" /> {m.reports_lost()}
              </>
            )
          }
        >
          {isUnpriced ? (
            <Coin value={cost.formatted} symbol={cost.coin} rounding="up" className="text-title" />
          ) : (
            <Money value={costValue.formatted} figure="title" />
          )}
        </Figure>
        <Figure
          name={m.reports_refunds()}
          note={m.reports_refunds_count({ count: line.refunds, number: formatCount(line.refunds) })}
        >
          <Money value={line.refunded.formatted} figure="title" />
        </Figure>
        <Figure
          name={m.reports_net()}
          note={
            isUnpriced ? (
              <>
                {net === null
                  ? m.reports_net_unknown({ coin: cost.coin })
                  : m.reports_net_partly({ amount: unpriced.formatted, coin: cost.coin })}{" "}
                <button
                  type="button"
                  onClick={() => setAsking(true)}
                  className="font-medium text-accent-text underline underline-offset-2"
                >
                  {m.reports_price_set()}
                </button>
              </>
            ) : (
              m.reports_net_note()
            )
          }
        >
          {net === null ? (
            <span className="text-title text-text-3">–</span>
          ) : (
            <Money
              value={net.formatted}
              figure="title"
              className={net.amount.startsWith("-") ? "text-failed" : undefined}
            />
          )}
        </Figure>
      </dl>
      <CoinPrice coin={cost.coin} open={isAsking} onOpenChange={setAsking} />
    </section>
  );
}

function Figure({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface p-4">
      <dt className="font-medium text-text-2">{name}</dt>
      <dd>
        <div className="mt-1 break-words">{children}</div>
        <div className="mt-1 text-caption text-text-2">{note}</div>
      </dd>
    </div>
  );
}
