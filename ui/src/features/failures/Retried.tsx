import { Check, Minus } from "lucide-react";
import type { PaymentsRetried } from "../../api/generated/PaymentsRetried";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";

/** What came of trying payments again, the same answer once. */
export function Retried({ answer: { items, queued, hindered } }: { answer: PaymentsRetried }) {
  const answers = new Map<string, { isQueued: boolean; count: number }>();
  for (const { sentence, queued: isQueued } of items) {
    const known = answers.get(sentence);
    answers.set(sentence, { isQueued, count: (known?.count ?? 0) + 1 });
  }
  const topUps = new Map(items.flatMap(({ topUp }) => (topUp === null ? [] : [[topUp.sentence, topUp]])));
  return (
    <div role="status" className="flex flex-col gap-3">
      <p className="font-medium">
        {m.failures_retried_of({ number: formatCount(queued), all: formatCount(items.length) })}
      </p>
      <ul className="flex flex-col gap-1.5">
        {Array.from(answers, ([sentence, { isQueued, count }]) => {
          const Icon = isQueued ? Check : Minus;
          return (
            <li key={sentence} className="flex gap-2">
              <Icon
                aria-hidden
                className={`mt-0.5 size-4 shrink-0 ${isQueued ? "text-settled" : "text-text-2"}`}
                strokeWidth={1.5}
              />
              <span className="min-w-0">
                {items.length > 1 && <span className="tabular-nums">{formatCount(count)} × </span>}
                {sentence}
              </span>
            </li>
          );
        })}
      </ul>
      {Array.from(topUps.values(), ({ sentence, address }) => (
        <div key={sentence} className="rounded-control bg-warning-soft px-3 py-2 text-warning">
          <p>{sentence}</p>
          <Address value={address} what={m.wallet_address_what()} full />
        </div>
      ))}
      {hindered.map((why) => (
        <p key={why} className="rounded-control bg-warning-soft px-3 py-2 text-warning">
          {m.failures_retried_waits({ why })}
        </p>
      ))}
    </div>
  );
}
