import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { failuresQuery } from "../../api/failures";
import type { FailureView } from "../../api/generated/FailureView";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Refusal } from "../../ui/Refusal";
import { Skeleton } from "../../ui/Skeleton";
import { FailureRow } from "./FailureRow";

/** How many rows a reason shows before somebody wants more. */
const FIRST = 3;

interface Props {
  reason: string;
  network: string;
  /** How many there are of them in all. */
  payments: number;
  actions(failure: FailureView): ReactNode;
  /** Beside what shows more, for all that are known. */
  forAll(failures: readonly FailureView[]): ReactNode;
}

/** The payments behind a reason, the most urgent first: a few at first, then as many as are wanted. */
export function FailureList({ reason, network, payments, actions, forAll }: Props) {
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(failuresQuery(usePlatform(), reason, network));
  const [isLong, setLong] = useState(false);
  if (data === undefined) {
    return error === null ? (
      <Waiting payments={payments} />
    ) : (
      <div className="flex flex-col items-start gap-2">
        <Refusal title={m.attention_rows_failed()} error={error} />
        <Button size="sm" loading={isFetching} onClick={() => void refetch()}>
          {m.ui_error_retry()}
        </Button>
      </div>
    );
  }
  const known = data.pages.flatMap(({ items }) => items);
  const shown = isLong ? known : known.slice(0, FIRST);
  const left = Math.max(payments, known.length) - shown.length;
  const more = () => {
    if (isLong || shown.length === known.length) {
      void fetchNextPage();
    }
    setLong(true);
  };
  return (
    <>
      <ul className="-my-1 divide-y">
        {shown.map((failure) => (
          <FailureRow key={failure.id} failure={failure} actions={actions(failure)} />
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap items-center gap-2 empty:hidden">
        {left > 0 && (shown.length < known.length || hasNextPage) && (
          <Button size="sm" variant="ghost" loading={isFetchingNextPage} onClick={more}>
            {m.attention_rows_more({ number: formatCount(left) })}
          </Button>
        )}
        {forAll(known)}
      </div>
    </>
  );
}

/** As high as the rows will be, so that nothing below them moves when they come. */
function Waiting({ payments }: { payments: number }) {
  return (
    <>
      <div className="-my-1 divide-y">
        {Array.from({ length: Math.min(payments, FIRST) }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          <div key={row} className="py-2.5">
            <Skeleton className="h-9 w-full" />
          </div>
        ))}
      </div>
      {payments > FIRST && <div className="mt-3 min-h-7" />}
    </>
  );
}
