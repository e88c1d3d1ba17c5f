import { useNavigate, useSearch } from "@tanstack/react-router";

export const SHOWN = ["funnel", "requests"] as const;
type Shown = (typeof SHOWN)[number];

/** How many days can be looked at. */
export const RANGES = [7, 28, 90, 365] as const;
type Range = (typeof RANGES)[number];

/** What the page shows, as its address says, and how to choose something else. */
export function useVisitorSearch() {
  const known = useSearch({ from: "/visitors" });
  const { show = "funnel", days = 28, endpoint } = known;
  const navigate = useNavigate();
  const choose = (change: { show?: Shown; days?: Range; endpoint?: string | undefined }) =>
    void navigate({ to: "/visitors", search: { ...known, ...change }, replace: true });
  return { show, days, endpoint, choose };
}
