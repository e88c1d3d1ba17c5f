import { Scale, TriangleAlert } from "lucide-react";
import { useReconcile } from "../../api/books";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Compared } from "./Compared";

/** Whether the chain says the same as the books: asked when somebody wants to know, because it takes a while. */
export function Reconciliation() {
  const { data, error, mutate, isPending } = useReconcile();
  const compare = () => mutate({});
  if (error !== null) {
    return (
      <ErrorState title={m.reports_chain_failed()} error={error} retrying={isPending} onRetry={compare} />
    );
  }
  if (data === undefined || data.items.length + data.leftOut.length === 0) {
    return (
      <EmptyState
        icon={Scale}
        title={data === undefined ? m.reports_chain_title() : m.reports_chain_nothing()}
        text={data === undefined ? m.reports_chain_text() : m.reports_chain_nothing_text()}
        action={
          <Button loading={isPending} onClick={compare}>
            {isPending ? m.reports_chain_running() : m.reports_chain_start()}
          </Button>
        }
      />
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[44rem] text-text-2">{m.reports_chain_text()}</p>
        <Button size="sm" loading={isPending} onClick={compare}>
          {m.reports_chain_again()}
        </Button>
      </div>
      {data.leftOut.length > 0 && (
        <ul aria-label={m.reports_chain_left_out()} className="flex flex-col gap-1.5">
          {data.leftOut.map((sentence) => (
            <li key={sentence} className="flex items-start gap-2 break-words">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" strokeWidth={1.5} />
              {sentence}
            </li>
          ))}
        </ul>
      )}
      {data.items.map((item) => (
        <Compared key={`${item.network} ${item.asset} ${item.payTo}`} item={item} />
      ))}
    </div>
  );
}
