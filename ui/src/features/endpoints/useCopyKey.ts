import { useEffect, useEffectEvent } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { preferences } from "../../ui/preferences";
import { useCopy } from "../../ui/useCopy";

/** Lets C copy the link of the row that has the focus. */
export function useCopyKey(endpoints: readonly EndpointView[] | undefined): void {
  const { copy } = useCopy();
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { row } = (event.target as HTMLElement).dataset ?? {};
    const url = endpoints?.find(({ id }) => id === row)?.url ?? null;
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || url === null) {
      return;
    }
    if (preferences().letterKeys) {
      event.preventDefault();
      void copy(url);
    }
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}
