import { Link } from "@tanstack/react-router";
import { CircleSlash, TriangleAlert } from "lucide-react";
import type { BatchDetailView } from "../../api/generated/BatchDetailView";
import { m } from "../../i18n/messages";
import { useAmountText } from "../../ui/amounts";
import { arrived, isOpen, isPaid } from "./batch";

/** How it ended where it did not end well, and that nobody has to stay while it goes on. */
export function Verdict({ batch }: { batch: BatchDetailView }) {
  const amount = useAmountText();
  if (isOpen(batch)) {
    return <p className="text-text-2">{m.settlements_dialog_calm()}</p>;
  }
  if (isPaid(batch)) {
    return null;
  }
  if (batch.state === "dissolved") {
    return (
      <p className="flex items-center gap-2.5 rounded-card bg-neutral-soft px-3 py-2 text-neutral">
        <CircleSlash aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
        {m.settlements_batch_dissolved()}
      </p>
    );
  }
  const others = batch.items.filter(({ result }) => result === "excluded" || result === "returned").length;
  return (
    <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 rounded-card bg-warning-soft px-3 py-2 text-warning">
      <TriangleAlert aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
      <span>
        {batch.settledTotal === "0"
          ? m.settlements_batch_nothing_arrived()
          : m.settlements_batch_partly({ amount: amount(arrived(batch)) })}{" "}
        {m.settlements_batch_others({ count: others })}
      </span>
      <Link to="/attention" className="font-medium underline underline-offset-2">
        {m.settlements_batch_attention()}
      </Link>
    </p>
  );
}
