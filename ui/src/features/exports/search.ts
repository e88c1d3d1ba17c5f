import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ExportFilter } from "../../api/generated/ExportFilter";
import { type Days, daysOf, PERIODS } from "../../lib/period";

export const WHAT = ["payments", "batches", "costs", "refunds"] as const;
export type What = (typeof WHAT)[number];

/** What of a page's address says what it shows: the list of payments, or the days of the reports. */
interface Shown {
  export?: What | undefined;
  states?: string[] | undefined;
  endpoint?: string | undefined;
  payer?: string | undefined;
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What is to be exported, narrowed as the page behind the question is; null while nobody asks. */
export function useWanted(now: number): { what: What; filter: ExportFilter; days: Days | null } | null {
  const { export: what, states, endpoint, payer, period, from, to }: Shown = useSearch({ strict: false });
  if (what === undefined) {
    return null;
  }
  const named = PERIODS.find((one) => one === period);
  const own = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return {
    what,
    filter: {
      ...(states !== undefined && states.length > 0 && { states }),
      ...(endpoint !== undefined && { endpoint }),
      ...(payer !== undefined && { payer }),
    },
    days: named === undefined ? null : daysOf(named, now, own),
  };
}

/** Leaves the question. The page behind it stays as it is. */
export function useLeave(): () => void {
  const navigate = useNavigate();
  return () =>
    void navigate({ to: ".", search: (known) => ({ ...known, export: undefined }), replace: true });
}
