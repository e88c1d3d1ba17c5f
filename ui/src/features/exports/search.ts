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
  delivery?: string | undefined;
  network?: string | undefined;
  least?: string | undefined;
  most?: string | undefined;
  q?: string | undefined;
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What is to be exported, narrowed as the page behind the question is; null while nobody asks. */
export function useWanted(now: number): { what: What; filter: ExportFilter; days: Days | null } | null {
  const { export: what, states, period, from, to, q: search, ...shown }: Shown = useSearch({ strict: false });
  if (what === undefined) {
    return null;
  }
  const named = PERIODS.find((one) => one === period);
  const own = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  return {
    what,
    filter: {
      ...(states !== undefined && states.length > 0 && { states }),
      ...narrowing({ ...shown, search }),
    },
    days: named === undefined ? null : daysOf(named, now, own),
  };
}

const NARROWING = ["endpoint", "payer", "delivery", "network", "least", "most", "search"] as const;

/** What of a page's address narrows payments, and nothing else of it. */
function narrowing(shown: Partial<Record<(typeof NARROWING)[number], string | undefined>>): ExportFilter {
  return Object.fromEntries(
    NARROWING.flatMap((name) => (shown[name] === undefined ? [] : [[name, shown[name]]])),
  );
}

/** Leaves the question. The page behind it stays as it is. */
export function useLeave(): () => void {
  const navigate = useNavigate();
  return () =>
    void navigate({ to: ".", search: (known) => ({ ...known, export: undefined }), replace: true });
}
