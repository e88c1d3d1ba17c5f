import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { remembered } from "../../ui/remembered";
import type { PageLink } from "./pages";

/** Goes to a page as it was left: with the filters that were chosen there last. */
export function useGoToPage(): (to: PageLink["to"]) => void {
  const router = useRouter();
  return useCallback(
    // What was kept is checked by the page itself, as any address is.
    (to) => void router.navigate({ to, search: remembered(to) as never }),
    [router],
  );
}
