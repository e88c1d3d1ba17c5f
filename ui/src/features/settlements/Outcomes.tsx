import { Link, useNavigate } from "@tanstack/react-router";
import { CircleSlash, Undo2 } from "lucide-react";
import type { BatchOutcomeView } from "../../api/generated/BatchOutcomeView";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { Badge } from "../../ui/Badge";
import type { Column } from "../../ui/column";
import { DataTable } from "../../ui/DataTable";
import { Money } from "../../ui/Money";
import { StateBadge } from "../../ui/StateBadge";

const COLUMNS: readonly Column<BatchOutcomeView>[] = [
  {
    name: "outcomes.payment",
    header: m.settlements_outcome_payment,
    cell: ({ payment }) => (
      <Link
        to="/payments/$payment"
        params={{ payment }}
        title={payment}
        className="rounded-control font-mono text-caption text-accent-text hover:underline"
      >
        {shorten(payment, 8, 4)}
      </Link>
    ),
    width: "8rem",
  },
  {
    name: "outcomes.amount",
    header: m.settlements_outcome_amount,
    cell: ({ formatted }) => <Money value={formatted} />,
    width: "minmax(6rem, 10rem)",
    align: "right",
  },
  {
    name: "outcomes.result",
    header: m.settlements_outcome_result,
    cell: (outcome) => <Result outcome={outcome} />,
    width: "9rem",
  },
  {
    name: "outcomes.why",
    header: m.settlements_outcome_why,
    cell: ({ reasonSentence }) => (
      <span title={reasonSentence ?? undefined} className="text-text-2">
        {reasonSentence}
      </span>
    ),
    width: "minmax(12rem, 1fr)",
  },
  {
    name: "outcomes.now",
    header: m.settlements_outcome_now,
    cell: ({ state }) => <StateBadge state={state} />,
    width: "9rem",
  },
];

/** What became of a payment in this batch. */
function Result({ outcome: { result } }: { outcome: BatchOutcomeView }) {
  switch (result) {
    case "excluded":
      return (
        <Badge tone="warning" icon={CircleSlash}>
          {m.settlements_outcome_left_out()}
        </Badge>
      );
    case "returned":
      return (
        <Badge tone="neutral" icon={Undo2}>
          {m.settlements_outcome_returned()}
        </Badge>
      );
    case "pending":
      return <StateBadge state="settling" />;
    default:
      return <StateBadge state={result} />;
  }
}

/** What became of each payment of a batch. Opening one leads to its page. */
export function Outcomes({ items }: { items: readonly BatchOutcomeView[] }) {
  const navigate = useNavigate();
  return (
    <section className="flex min-h-80 flex-1 flex-col gap-2">
      <h2 className="text-section">{m.settlements_outcomes()}</h2>
      <DataTable
        label={m.settlements_outcomes()}
        columns={COLUMNS}
        rows={items}
        rowId={({ payment }) => payment}
        total={items.length}
        onOpen={({ payment }) => void navigate({ to: "/payments/$payment", params: { payment } })}
      />
    </section>
  );
}
