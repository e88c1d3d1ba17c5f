import type { RefObject } from "react";
import { isNarrow } from "./narrow";
import { useWidth } from "./useWidth";

/** How many columns there is room for. */
export type Room = "narrow" | "middle" | "wide";

/** From how wide a place on, in rem, there is room for more columns. */
export interface Widths {
  middle: number;
  wide: number;
}

/** How much room an element gives to columns, without the `taken` rem. */
export function useRoom(
  element: RefObject<HTMLElement | null>,
  taken: number,
  { middle, wide }: Widths,
): Room {
  const left = useWidth(element, () => taken + (isNarrow() ? middle : wide)) - taken;
  return left >= wide ? "wide" : left >= middle ? "middle" : "narrow";
}
