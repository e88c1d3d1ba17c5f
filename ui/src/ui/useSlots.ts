import { type RefObject, useLayoutEffect, useRef } from "react";

type Slots = ReadonlyMap<string, number>;

const NONE: Slots = new Map();

/**
 * Which element of a list shows which row. A row that comes below the others takes over the element of one that went:
 * whoever scrolls down past thousands makes few of them. `ids` are the rows that are drawn, in order; the element of the
 * row that is `focused` goes with its row, and the focus with it.
 */
export function useSlots(ids: readonly string[], focused: RefObject<string | null>): Slots {
  const before = useRef(NONE);
  const now = slotsOf(ids, before.current, focused.current);
  useLayoutEffect(() => {
    before.current = now;
  });
  return now;
}

/**
 * The slots of rows, given those of the rows before them. Only rows below all that stay take over an element: one that
 * came to stand above the others would make React move each of them.
 */
export function slotsOf(ids: readonly string[], before: Slots, focused: string | null = null): Slots {
  const stays = new Set(ids);
  const free = [...before].filter(([id]) => !stays.has(id) && id !== focused).map(([, slot]) => slot);
  const lastToStay = ids.findLastIndex((id) => before.has(id));
  let unused = Math.max(-1, ...before.values()) + 1;
  const given = (place: number) => (place > lastToStay ? free.shift() : undefined) ?? unused++;
  return new Map(ids.map((id, place) => [id, before.get(id) ?? given(place)]));
}
