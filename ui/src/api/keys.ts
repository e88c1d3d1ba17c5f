import type { EndpointCopies } from "./generated/EndpointCopies";
import type { FunnelQuery } from "./generated/FunnelQuery";
import type { PictureShow } from "./generated/PictureShow";
import type { ReportQuery } from "./generated/ReportQuery";
import type { RevenueQuery } from "./generated/RevenueQuery";
import type { ScheduleSet } from "./generated/ScheduleSet";

/** Which payments a list shows: all of them, or those in some states, for one endpoint, of one buyer. */
export interface PaymentFilter {
  states?: readonly string[] | undefined;
  /** An endpoint's path or id. */
  endpoint?: string | undefined;
  /** A buyer's address. */
  payer?: string | undefined;
  /** `interrupted` or `waiting`: only those that are owed and have not arrived. */
  delivery?: string | undefined;
  /** In CAIP-2. */
  network?: string | undefined;
  /** UTC days, such as `2026-11-01`, both included. */
  from?: string | undefined;
  to?: string | undefined;
  /** Decimal amounts, both included. */
  least?: string | undefined;
  most?: string | undefined;
  /** What an id, an address, a hash or a name begins with or has in it. */
  search?: string | undefined;
}

/** Which buyers a list shows, and in which order: by an order, or those of one standing. */
export interface PayerChoice {
  sort?: string | undefined;
  standing?: string | undefined;
}

/** Which messages to webhooks a list shows: all, or those in one state. */
export interface MessageFilter {
  state?: string;
  /** The payment, batch or endpoint that they are about. */
  about?: string;
}

/** Where answers are kept. What begins alike goes stale alike. */
export const keys = {
  all: [],
  status: ["status"],
  endpoints: ["endpoints"],
  endpointList: ["endpoints", "list"],
  endpoint: (endpoint: string) => ["endpoints", "show", endpoint] as const,
  endpointText: (endpoint: string, sha256: string) => ["endpoints", "text", endpoint, sha256] as const,
  folderFiles: (endpoint: string) => ["endpoints", "files", endpoint] as const,
  prices: (endpoint: string) => ["endpoints", "prices", endpoint] as const,
  versions: (endpoint: string) => ["endpoints", "versions", endpoint] as const,
  priceHistory: (endpoint: string) => ["endpoints", "price-history", endpoint] as const,
  payments: ["payments"],
  paymentLists: ["payments", "list"],
  paymentList: (filter: PaymentFilter) => ["payments", "list", filter] as const,
  recentPayments: (limit: number) => ["payments", "recent", limit] as const,
  foundPayments: (search: string, limit: number) => ["payments", "found", search, limit] as const,
  paymentCounts: (filters: readonly PaymentFilter[]) => ["payments", "counts", filters] as const,
  payerPayments: (payer: string, limit: number) => ["payments", "payer", payer, limit] as const,
  payment: (payment: string) => ["payments", "show", payment] as const,
  batches: ["batches"],
  batchList: ["batches", "list"],
  recentBatches: ["batches", "recent"],
  exportProgress: (path: string) => ["exports", path] as const,
  eachBatch: ["batches", "show"],
  batch: (batch: number) => ["batches", "show", batch] as const,
  preview: ["preview"],
  revenue: ["revenue"],
  revenueOf: (query: RevenueQuery) => ["revenue", query] as const,
  notices: ["notices"],
  priceCheck: (price: string) => ["price-check", price] as const,
  attention: ["attention"],
  failures: ["failures"],
  failureList: (reason: string, network: string) => ["failures", "list", reason, network] as const,
  uncertain: ["failures", "uncertain"],
  failure: (payment: string) => ["failures", "show", payment] as const,
  reports: ["reports"],
  report: (query: ReportQuery) => ["reports", query] as const,
  refunds: ["refunds"],
  refundList: (payment: string | null) => ["refunds", "list", payment] as const,
  refundPlan: (payment: string, amount: string | null) => ["refunds", "plan", payment, amount] as const,
  settings: ["settings"],
  seller: ["settings", "seller"],
  notify: ["settings", "notify"],
  picture: (asked: PictureShow) => ["picture", asked] as const,
  networks: ["networks"],
  facilitators: ["facilitators"],
  reach: ["reach"],
  payouts: ["payouts"],
  wallet: ["wallet"],
  webhooks: ["webhooks"],
  webhookList: ["webhooks", "list"],
  webhookMessages: (filter: MessageFilter) => ["webhooks", "messages", filter] as const,
  checklist: ["checklist"],
  schedules: ["schedules"],
  scheduleList: ["schedules", "list"],
  scheduleCheck: (wanted: ScheduleSet) => ["schedules", "check", wanted] as const,
  exposure: ["exposure"],
  payers: ["payers"],
  topBuyers: ["payers", "top"],
  payerList: (choice: PayerChoice) => ["payers", "list", choice] as const,
  payer: (payer: string) => ["payers", "show", payer.toLowerCase()] as const,
  visitors: ["visitors"],
  funnel: (query: FunnelQuery) => ["visitors", "funnel", query] as const,
  requests: ["visitors", "requests"],
  requestsOf: (endpoint: string) => ["visitors", "requests", endpoint] as const,
  backups: ["backups"],
  data: ["data"],
  diagnostics: ["diagnostics"],
  copies: (copies: EndpointCopies) => ["copies", copies] as const,
  computer: ["computer"],
  crashes: ["crashes"],
  quitPreview: ["preview", "quit"],
  file: (file: string) => ["file", file] as const,
} as const;
