import { useCallback, useMemo, useState } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";

/** No more can be settled in one request. */
const MOST = 1000;

const NONE = { ids: new Set<string>(), last: null as string | null, of: "" };

/** The payments that were chosen among the rows of a filter; another filter begins with none. */
export function useSelection(rows: readonly PaymentView[], shownFor: string) {
  const [kept, setKept] = useState(NONE);
  const { ids, last } = kept.of === shownFor ? kept : NONE;
  const toggle = useCallback(
    ({ id }: PaymentView, range: boolean) => {
      const place = (wanted: string | null) => rows.findIndex((row) => row.id === wanted);
      const [from, to] = [place(last), place(id)].toSorted((one, other) => one - other);
      const next = new Set(ids);
      if (range && from !== undefined && to !== undefined && from >= 0) {
        for (const row of rows.slice(from, to + 1)) {
          next.add(row.id);
        }
      } else if (!next.delete(id)) {
        next.add(id);
      }
      setKept({ ids: new Set([...next].slice(0, MOST)), last: id, of: shownFor });
    },
    [rows, ids, last, shownFor],
  );
  return {
    ids: ids as ReadonlySet<string>,
    chosen: useMemo(() => rows.filter(({ id }) => ids.has(id)), [rows, ids]),
    toggle,
    clear: useCallback(() => setKept(NONE), []),
  };
}

export type Selection = ReturnType<typeof useSelection>;
