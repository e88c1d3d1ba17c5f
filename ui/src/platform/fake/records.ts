import type { ContentView } from "../../api/generated/ContentView";
import type { FileState } from "../../api/generated/FileState";

/** The network and the token of practice. */
export const NETWORK = "eip155:84532";
export const USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
/** What an authorization is left to wait, in seconds: three days. */
export const WINDOW = 259_200;

export type PaymentState =
  | "queued"
  | "settling"
  | "settled"
  | "settled_elsewhere"
  | "failed"
  | "expired"
  | "cancelled"
  | "diverted"
  | "written_off"
  | "voided";

/** Something for sale. */
export interface Endpoint {
  id: string;
  path: string;
  title: string;
  description: string;
  listed: boolean;
  state: "live" | "paused" | "removed";
  /** What a removal is taken back to. */
  removedFrom: "live" | "paused";
  mode: "batched" | "instant";
  ownedFor: string;
  price: bigint;
  priceVersion: number;
  content: ContentView;
  /** All of a text that is sold. */
  body: string | null;
  fileState: FileState;
  createdAt: number;
}

/** How long what is delivered is. */
export function lengthOf(content: ContentView): number {
  return content.kind === "service" ? 300 : content.bytes;
}

/** A payment as the stall remembers it; its hashes are made when somebody looks (payment-view.ts). */
export interface Payment {
  /** Its place in the order of acceptance, from 1. */
  readonly seq: number;
  readonly endpoint: Endpoint;
  readonly amount: bigint;
  readonly createdAt: number;
  /** Unix seconds. */
  readonly validBefore: number;
  readonly payTo: string;
  state: PaymentState;
  reason: string | null;
  /** Why it will not settle when it is tried; null for one that will. */
  doom: string | null;
  delivery: "waiting" | "streaming" | "delivered" | "interrupted";
  bytesSent: number;
  /** The batch it is or was last in. */
  batch: Batch | null;
  /** The batches that did not settle it, oldest first. */
  tries?: Try[];
  /** When it reached the state it is in. */
  changedAt: number;
  /** What the seller wrote beside it. */
  note?: string;
}

/** A stay in a batch that came to nothing. */
interface Try {
  readonly batch: Batch;
  readonly step: "returned" | "failed";
  readonly at: number;
  readonly reason: string;
}

type PaymentResult = "pending" | "settled" | "settled_elsewhere" | "excluded" | "returned";

/** Payments that are settled together. */
export interface Batch {
  readonly id: number;
  readonly startedBy: "seller" | "deadline" | "instant" | "schedule" | "exposure" | "recovery";
  readonly createdAt: number;
  readonly payments: Payment[];
  readonly results: PaymentResult[];
  state: "preparing" | "submitted" | "settled" | "partly_settled" | "failed" | "final" | "dissolved";
  savedAt: number | null;
  sentAt: number | null;
  minedAt: number | null;
  finalAt: number | null;
  block: number | null;
}
