import type { ExclusionView } from "../../api/generated/ExclusionView";
import { m } from "../../i18n/messages";
import { fromAtomic } from "../../lib/money";
import { Money } from "../../ui/Money";

interface Group {
  reason: string;
  sentence: string;
  payments: number;
  amount: bigint;
  decimals: number;
}

/** Payments that would not be settled, by reason, the largest sum first. */
export function Exclusions({ items }: { items: readonly ExclusionView[] }) {
  if (items.length === 0) {
    return null;
  }
  return (
    <section className="rounded-card border bg-bg p-3">
      <h3 className="font-medium">{m.settlements_dialog_left_out({ count: items.length })}</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {byReason(items).map(({ reason, sentence, payments, amount, decimals }) => (
          <li key={reason} className="flex items-baseline justify-between gap-4">
            <span className="min-w-0 text-text-2">{sentence}</span>
            <span className="shrink-0 text-right">
              {m.settlements_payments({ count: payments })} · <Money value={fromAtomic(amount, decimals)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function byReason(items: readonly ExclusionView[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { reason, reasonSentence, amount, decimals } of items) {
    const group = groups.get(reason) ?? {
      reason,
      sentence: reasonSentence,
      payments: 0,
      amount: 0n,
      decimals,
    };
    groups.set(reason, { ...group, payments: group.payments + 1, amount: group.amount + BigInt(amount) });
  }
  return [...groups.values()].sort((one, other) => (one.amount < other.amount ? 1 : -1));
}
