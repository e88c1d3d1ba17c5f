import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import type { PaymentFilter } from "../../api/keys";
import { m } from "../../i18n/messages";
import { type Days, daysOf, type Period } from "../../lib/period";
import { remember } from "../../ui/remembered";
import type { Meant } from "./operators";

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

/** How what is owed can stand that has not arrived: broken off, or not begun. */
export const UNDELIVERED = ["interrupted", "waiting"] as const;
type NotArrived = (typeof UNDELIVERED)[number];

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

/** What of the page's address narrows the list. */
export interface Narrowed {
  states?: string[] | undefined;
  endpoint?: string | undefined;
  payer?: string | undefined;
  delivery?: NotArrived | undefined;
  network?: string | undefined;
  period?: Period | undefined;
  from?: string | undefined;
  to?: string | undefined;
  least?: string | undefined;
  most?: string | undefined;
  q?: string | undefined;
}

/** Which payments are shown, as the page's address says, and how to choose others. Back undoes a choice. */
export function useFilter() {
  const { states, endpoint, payer, delivery, network, period, from, to, least, most, q } = useSearch({
    from: "/payments",
  });
  const navigate = useNavigate();
  const narrowed = useMemo<Narrowed>(
    () => given({ states, endpoint, payer, delivery, network, period, from, to, least, most, q }),
    [states, endpoint, payer, delivery, network, period, from, to, least, most, q],
  );
  const days = useMemo(
    () => (period === undefined ? null : daysOf(period, Date.now(), given({ from, to }) as Partial<Days>)),
    [period, from, to],
  );
  const filter = useMemo<PaymentFilter>(
    () => given({ states, endpoint, payer, delivery, network, ...days, least, most, search: q }),
    [states, endpoint, payer, delivery, network, days, least, most, q],
  );
  useEffect(() => remember("/payments", { ...narrowed }), [narrowed]);
  const choose = useCallback(
    (change: Narrowed) => void navigate({ to: ".", search: given({ ...narrowed, ...change }) as never }),
    [navigate, narrowed],
  );
  return {
    filter,
    days,
    narrowed,
    isFiltered: Object.keys(filter).some((name) => name !== "states" || (states?.length ?? 0) > 0),
    choose,
    /** Narrows to what a search means; what it does not name stays as it is. */
    search: ({ text, from: first, to: last, ...meant }: Meant) =>
      choose({
        ...meant,
        ...(first !== undefined || last !== undefined
          ? { period: "own", from: first ?? FIRST, to: last ?? daysOf("today", Date.now()).to }
          : {}),
        q: text === "" ? undefined : text,
      }),
    /** Narrows to this and to nothing else; what it does not understand, the page's address leaves out. */
    show: (wanted: Narrowed) => void navigate({ to: ".", search: given(wanted) as never }),
    clear: useCallback(() => void navigate({ to: ".", search: {} as never }), [navigate]),
  };
}

/** Before anything was sold. */
const FIRST = "2020-01-01";

/** Without what is not there, so that the address stays short and equal filters are equal. */
function given<Part extends object>(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}
