import type { BatchDetailView } from "../../api/generated/BatchDetailView";
import { useNetwork } from "../../api/networks";
import { m } from "../../i18n/messages";
import { useAmountText } from "../../ui/amounts";
import { Coin } from "../../ui/Coin";
import { Moment } from "../../ui/Moment";
import { Money } from "../../ui/Money";
import { arrived, isOpen, startedByWord } from "./batch";
import { Figure } from "./Figure";

/** What arrived of all, what it cost, who began it and when, and whether it is final. */
export function BatchFigures({ batch }: { batch: BatchDetailView }) {
  const network = useNetwork(batch.network);
  const amount = useAmountText();
  const paid = batch.items.filter(({ result }) => result === "settled" || result === "settled_elsewhere");
  const sum = arrived(batch);
  return (
    <div className="grid shrink-0 grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-4">
      <Figure
        label={m.settlements_batch_settled()}
        note={
          <>
            {sum !== batch.formatted && (
              <>{m.settlements_batch_settled_of({ amount: amount(batch.formatted) })} · </>
            )}
            {m.settlements_batch_settled_count({ settled: paid.length, count: batch.payments })}
          </>
        }
      >
        <Money value={sum} token={network?.asset?.name} figure="title" />
      </Figure>
      <Figure label={m.settlements_batch_fee()} note={m.settlements_batch_fee_note()}>
        {batch.feeFormatted === null ? (
          <p className="text-title">
            {isOpen(batch) ? m.settlements_batch_fee_none() : m.settlements_batch_fee_never()}
          </p>
        ) : (
          <Coin value={batch.feeFormatted} symbol={network?.coin} rounding="up" className="text-title" />
        )}
      </Figure>
      <Figure
        label={m.settlements_batch_started()}
        note={
          <>
            <Moment at={batch.createdAt} />
            {batch.startedBy === "exposure" && <p>{m.settlements_by_exposure_why()}</p>}
          </>
        }
      >
        <p className="text-title">{startedByWord(batch)}</p>
      </Figure>
      <Finality batch={batch} />
    </div>
  );
}

function Finality({ batch }: { batch: BatchDetailView }) {
  if (batch.final) {
    return (
      <Figure label={m.settlements_batch_final()} note={m.settlements_batch_final_yes_note()}>
        <p className="text-title">{m.settlements_batch_final_yes()}</p>
      </Figure>
    );
  }
  const never = !isOpen(batch) && batch.attempts.every(({ block }) => block === null);
  return (
    <Figure
      label={m.settlements_batch_final()}
      note={never ? m.settlements_batch_final_never_note() : m.settlements_batch_final_no_note()}
    >
      <p className="text-title">
        {never ? m.settlements_batch_final_never() : m.settlements_batch_final_no()}
      </p>
    </Figure>
  );
}
