import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Days, daysOf, type Period } from "../../lib/period";
import { useNow } from "../../ui/now";

export const BY = ["day", "endpoint", "payer", "network"] as const;
export type By = (typeof BY)[number];

export const TABS = ["income", "refunds", "chain"] as const;
export type Tab = (typeof TABS)[number];

/** What the page shows, as its address says, and how to choose something else. */
export function useReportSearch() {
  const { period = "weeks", from, to, by = "day", tab = "income" } = useSearch({ from: "/reports" });
  const navigate = useNavigate();
  const now = useNow();
  const days = useMemo<Days>(
    () => daysOf(period, now, { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
    [period, now, from, to],
  );
  const choose = (change: { period?: Period; from?: string; to?: string; by?: By; tab?: Tab }) =>
    void navigate({ to: "/reports", search: (known) => ({ ...known, ...change }), replace: true });
  return { period, days, by, tab, choose };
}
