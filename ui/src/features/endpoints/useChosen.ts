import { useCallback, useMemo, useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";

const NONE: ReadonlySet<string> = new Set();

/** The endpoints that were chosen among those in sight; with `range`, all from the one that was chosen last. */
export function useChosen(rows: readonly EndpointView[] | undefined) {
  const [ids, setIds] = useState(NONE);
  const [last, setLast] = useState<string | null>(null);
  const toggle = useCallback(
    ({ id }: EndpointView, range: boolean) => {
      const all = rows ?? [];
      const [from = -1, to = -1] = [last, id]
        .map((wanted) => all.findIndex((row) => row.id === wanted))
        .toSorted((one, other) => one - other);
      setIds((before) => {
        const next = new Set(before);
        if (range && from >= 0) {
          for (const row of all.slice(from, to + 1)) {
            next.add(row.id);
          }
        } else if (!next.delete(id)) {
          next.add(id);
        }
        return next;
      });
      setLast(id);
    },
    [rows, last],
  );
  return {
    chosen: useMemo(() => (rows ?? []).filter(({ id }) => ids.has(id)), [rows, ids]),
    ids,
    toggle,
    clear: useCallback(() => setIds(NONE), []),
  };
}

export type Chosen = ReturnType<typeof useChosen>;
