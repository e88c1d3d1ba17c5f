import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { PaymentFilter } from "../../api/keys";
import { m } from "../../i18n/paraglide/messages";

interface Group {
  name: "ready" | "settling" | "settled" | "problems";
  word: () => string;
  states: readonly string[];
}

/** States that a seller looks at together. */
export const GROUPS: readonly Group[] = [
  { name: "ready", word: m.payments_group_ready, states: ["queued"] },
  { name: "settling", word: m.payments_group_settling, states: ["settling"] },
  { name: "settled", word: m.payments_group_settled, states: ["settled", "settled_elsewhere"] },
  {
    name: "problems",
    word: m.payments_group_problems,
    states: ["failed", "expired", "cancelled", "diverted"],
  },
];

/** Whether a group is shown: all of it, a part of it (an address can name single states), or none. */
export function isShown(group: Group, states: readonly string[] = []): boolean | "mixed" {
  const shown = group.states.filter((state) => states.includes(state)).length;
  return shown === group.states.length ? true : shown > 0 ? "mixed" : false;
}

/** The states with a group added when it was not wholly shown, else without it; none means all. */
export function toggled(group: Group, states: readonly string[] = []): string[] | undefined {
  const others = states.filter((state) => !group.states.includes(state));
  const now = isShown(group, states) === true ? others : [...others, ...group.states];
  return now.length > 0 ? now : undefined;
}

/** Which payments are shown, as the page's address says, and how to choose others. Back undoes a choice. */
export function useFilter() {
  const { states, endpoint, payer } = useSearch({ from: "/payments" });
  const navigate = useNavigate();
  const filter = useMemo<PaymentFilter>(
    () => ({
      ...(states !== undefined && { states }),
      ...(endpoint !== undefined && { endpoint }),
      ...(payer !== undefined && { payer }),
    }),
    [states, endpoint, payer],
  );
  const choose = useCallback(
    (search: { states?: string[] | undefined; endpoint?: string | undefined; payer?: string | undefined }) =>
      void navigate({ to: ".", search }),
    [navigate],
  );
  return {
    filter,
    isFiltered: (states?.length ?? 0) > 0 || endpoint !== undefined || payer !== undefined,
    setStates: (chosen: string[] | undefined) => choose({ states: chosen, endpoint, payer }),
    setEndpoint: (chosen: string | undefined) => choose({ states, endpoint: chosen, payer }),
    ofAllPayers: () => choose({ states, endpoint }),
    clear: useCallback(() => choose({}), [choose]),
  };
}
