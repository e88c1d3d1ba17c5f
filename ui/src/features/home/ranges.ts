import type { RevenueQuery } from "../../api/generated/RevenueQuery";

/** What the figures can be shown for: so many days up to today, the months of a year, or days that somebody names. */
export const RANGES = [1, 7, 28, 90, "year", "custom"] as const;
export type Range = (typeof RANGES)[number];

interface Chosen {
  range?: Range | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What is asked for. Days that are not both named yet are those that stand there first; either may be named first. */
export function queryOf({ range = 28, from, to }: Chosen): RevenueQuery {
  if (range === "year") {
    return {};
  }
  if (range === "custom") {
    if (from === undefined || to === undefined) {
      return { days: 28 };
    }
    return from <= to ? { from, to } : { from: to, to: from };
  }
  return { days: range };
}
