import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { PayerChoice } from "../../api/keys";
import { m } from "../../i18n/messages";

/** What the list can show: all buyers in an order, or those of one standing. */
export const SHOWN = ["recent", "settled", "exposed", "lost", "trusted", "instant_only", "blocked"] as const;
export type Shown = (typeof SHOWN)[number];

const STANDINGS: readonly Shown[] = ["trusted", "instant_only", "blocked"];

/** What is shown, in words. */
export function shownWord(shown: Shown): string {
  switch (shown) {
    case "recent":
      return m.buyers_show_recent();
    case "settled":
      return m.buyers_show_settled();
    case "exposed":
      return m.buyers_show_exposed();
    case "lost":
      return m.buyers_show_lost();
    case "trusted":
      return m.buyers_show_trusted();
    case "instant_only":
      return m.buyers_show_instant_only();
    case "blocked":
      return m.buyers_show_blocked();
  }
}

/** What the app is asked for it. */
export function choiceOf(shown: Shown): PayerChoice {
  return STANDINGS.includes(shown) ? { standing: shown } : { sort: shown };
}

/** Which buyers are shown, as the page's address says, and how to show others. */
export function useShown(): { shown: Shown; show(next: Shown): void } {
  const { show: shown = "recent" } = useSearch({ from: "/buyers" });
  const navigate = useNavigate();
  return {
    shown,
    show: useCallback(
      (next: Shown) =>
        void navigate({
          to: ".",
          search: (known) => ({ ...known, show: next === "recent" ? undefined : next }),
        }),
      [navigate],
    ),
  };
}
