import { Link, useNavigate } from "@tanstack/react-router";
import { CircleSlash, Undo2 } from "lucide-react";
import type { BatchOutcomeView } from "../../api/generated/BatchOutcomeView";
import { m } from "../../i18n/messages";
import { shorten } from "../../lib/address";
import { Badge } from "../../ui/Badge";
import { columnsOf, DataTable } from "../../ui/DataTable";
import { Money } from "../../ui/Money";
import { StateBadge } from "../../ui/StateBadge";

const column = columnsOf<BatchOutcomeView>();

const COLUMNS = [
  column.accessor("payment", {
    header: m.settlements_outcome_payment,
    cell: ({ row }) => (
      <Link
        to="/payments/$payment"
        params={{ payment: row.original.payment }}
        title={row.original.payment}
        className="rounded-control font-mono text-caption text-accent-text hover:underline"
      >
        {shorten(row.original.payment, 8, 4)}
      </Link>
    ),
    meta: { width: "8rem" },
  }),
  column.accessor("formatted", {
    header: m.settlements_outcome_amount,
    cell: ({ row }) => <Money value={row.original.formatted} />,
    meta: { width: "minmax(6rem, 10rem)", align: "right" },
  }),
  column.accessor("result", {
    header: m.settlements_outcome_result,
    cell: ({ row }) => <Result outcome={row.original} />,
    meta: { width: "9rem" },
  }),
  column.accessor("reasonSentence", {
    header: m.settlements_outcome_why,
    cell: ({ row }) => (
      <span title={row.original.reasonSentence ?? undefined} className="text-text-2">
        {row.original.reasonSentence}
      </span>
    ),
    meta: { width: "minmax(12rem, 1fr)" },
  }),
  column.accessor("state", {
    header: m.settlements_outcome_now,
    cell: ({ row }) => <StateBadge state={row.original.state} />,
    meta: { width: "9rem" },
  }),
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
