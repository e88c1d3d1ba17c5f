/** How many days the chart of sales can show. */
export const RANGES = [7, 28, 90] as const;
