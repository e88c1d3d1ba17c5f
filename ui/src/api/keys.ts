/** Which payments a list shows: all of them, or those in some states, or those of one endpoint. */
export interface PaymentFilter {
  states?: readonly string[] | undefined;
  /** An endpoint's path or id. */
  endpoint?: string | undefined;
}

/** Where answers are kept. What begins alike goes stale alike. */
export const keys = {
  all: [],
  status: ["status"],
  endpoints: ["endpoints"],
  endpointList: ["endpoints", "list"],
  endpoint: (endpoint: string) => ["endpoints", "show", endpoint] as const,
  payments: ["payments"],
  paymentLists: ["payments", "list"],
  paymentList: (filter: PaymentFilter) => ["payments", "list", filter] as const,
  recentPayments: (limit: number) => ["payments", "recent", limit] as const,
  paymentCounts: (filters: readonly PaymentFilter[]) => ["payments", "counts", filters] as const,
  payment: (payment: string) => ["payments", "show", payment] as const,
  batches: ["batches"],
  batchList: ["batches", "list"],
  recentBatches: ["batches", "recent"],
  batch: (batch: number) => ["batches", "show", batch] as const,
  preview: ["preview"],
  revenue: ["revenue"],
  revenueOf: (days: number) => ["revenue", days] as const,
  attention: ["attention"],
  failures: ["failures"],
  failureList: (reason: string, network: string) => ["failures", "list", reason, network] as const,
  uncertain: ["failures", "uncertain"],
  failure: (payment: string) => ["failures", "show", payment] as const,
  settings: ["settings"],
  file: (file: string) => ["file", file] as const,
} as const;
