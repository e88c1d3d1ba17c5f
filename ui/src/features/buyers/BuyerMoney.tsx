import type { MoneyCount } from "../../api/generated/MoneyCount";
import type { PayerView } from "../../api/generated/PayerView";
import { useNetworks } from "../../api/network-names";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { cn } from "../../ui/cn";
import { Money } from "../../ui/Money";
import { TimeAgo } from "../../ui/TimeAgo";
import { Section } from "./Section";

/** What the buyer paid in each token, and what became of it. The sums are never added together. */
export function BuyerMoney({ tokens }: { tokens: readonly PayerView[] }) {
  const { title } = useNetworks();
  return tokens.map((token) => (
    <Section
      key={`${token.network} ${token.firstSeenAt}`}
      title={
        token.network === null
          ? m.buyers_section_money()
          : m.buyers_money_on({ network: title(token.network) })
      }
    >
      <TokenMoney token={token} />
    </Section>
  ));
}

function TokenMoney({ token }: { token: PayerView }) {
  const { token: nameOf } = useNetworks();
  const name = token.network === null ? undefined : nameOf(token.network);
  const sums: { word: string; sum: MoneyCount; look: string }[] = [
    { word: m.buyers_money_paid(), sum: token.accepted, look: "font-medium" },
    { word: m.buyers_money_settled(), sum: token.settled, look: "text-settled" },
    { word: m.buyers_money_pending(), sum: token.exposed, look: "text-pending" },
    { word: m.buyers_money_failed(), sum: token.lost, look: "text-failed" },
  ];
  return (
    <>
      <dl className="flex flex-col gap-1">
        {sums.map(({ word, sum, look }) => (
          <div key={word} className="flex flex-wrap items-baseline gap-x-4">
            <dt className="w-20 shrink-0 text-text-2">{word}</dt>
            <dd className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
              <Money
                value={sum.formatted}
                token={name}
                className={cn(sum.payments === 0 ? "text-text-3" : look)}
              />
              <span className="text-text-2 tabular-nums">
                {m.buyers_money_payments({ count: sum.payments, shown: formatCount(sum.payments) })}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {token.firstSeenAt !== null && token.lastSeenAt !== null && (
        <p className="mt-2 text-caption text-text-2">
          {m.buyers_money_first()} <TimeAgo at={Date.parse(token.firstSeenAt)} />
          {" · "}
          {m.buyers_money_last()} <TimeAgo at={Date.parse(token.lastSeenAt)} />
        </p>
      )}
    </>
  );
}
