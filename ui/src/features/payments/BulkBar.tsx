import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";
import { m } from "../../i18n/messages";
import { formatCount, sumOf } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Money } from "../../ui/Money";
import type { Selection } from "./useSelection";

interface Props {
  selection: Selection;
  /** What can be done with them together. */
  actions(payments: readonly PaymentView[], onDone: () => void): ReactNode;
}

/** What the chosen payments come to, and what can be done with all of them. It stands in the place of the filters. */
export function BulkBar({ selection: { chosen, clear }, actions }: Props) {
  const count = chosen.length;
  return (
    <section
      aria-label={m.payments_chosen()}
      className="flex min-h-8 shrink-0 flex-wrap items-center gap-2 rounded-control bg-accent-soft px-3 py-1.5"
    >
      <p role="status" className="mr-auto font-medium text-accent-text tabular-nums">
        {m.payments_chosen_count({ count, number: formatCount(count) })} ·{" "}
        <Money value={sumOf(chosen.map(({ formatted }) => formatted))} />
      </p>
      {actions(chosen, clear)}
      <Button variant="ghost" size="sm" icon={X} onClick={clear}>
        {m.payments_chosen_clear()}
      </Button>
    </section>
  );
}
