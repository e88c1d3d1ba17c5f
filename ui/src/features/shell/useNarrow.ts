import { useSyncExternalStore } from "react";
import { isNarrow, onNarrow } from "../../ui/narrow";

/** Whether the window is so narrow that the side bar shows icons alone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(onNarrow, isNarrow);
}
