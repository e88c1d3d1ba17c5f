/**
 * What the server and this page say to each other. The Rust side follows these types.
 *
 * 1. A browser's GET (`Accept` has `text/html`, `User-Agent` has `Mozilla`) is answered with 402, the usual
 *    `PAYMENT-REQUIRED` header and `template.html`, filled in. The template holds an {@link Offer}.
 * 2. The page asks the same URL again by `fetch`:
 *    - with `Accept: application/json` and no payment, to learn today's terms: 402 with `PAYMENT-REQUIRED`;
 *    - with `PAYMENT-SIGNATURE` (v2) or `SIGN-IN-WITH-X`, and for whatever is delivered as a file with
 *      `Accept: application/json; profile=stallkeeper-grant`: 200 with a {@link GrantAnswer} instead of the
 *      bytes. For a service any type is accepted, and the body of the answer is what was bought.
 * 3. A grant's URL is opened as a plain link, so that the browser's own download manager gets the file: it answers
 *    GET and HEAD, `Content-Disposition: attachment`, ranges. 403, 404 or 410 mean that the link is over.
 *
 * What the page makes of other answers:
 *
 * | answer | meaning |
 * |---|---|
 * | 402 with `PAYMENT-REQUIRED` | not taken, and it never will be. `error` in it is the code; the JSON body may hold a {@link Refusal} |
 * | 402 with `PAYMENT-RESPONSE` only | settling failed for good (`errorReason`, `errorMessage`); nothing was charged |
 * | 503 `settlement_pending` | on its way: the same header is sent again after `Retry-After` |
 * | 503, 429, otherwise | not now: what was signed is kept and sent again when the buyer says so. The JSON body may hold a {@link Refusal} |
 * | 409 | a service was already called with this payment: nothing is charged and nothing is called again |
 * | 403, 404, 410 | not sold here (any more) |
 *
 * Codes that the page has words of its own for: `payer_blocked`, `cap_reached`, `insufficient_funds`,
 * `payment_expired` and `…_valid_before`. For all others it shows the server's sentence.
 */

import type { PaymentRequired as Required } from "@x402/core/types";

/** The 402's terms, version 2. `extensions` may offer `payment-identifier` and `sign-in-with-x`. */
export type PaymentRequired = Required;

export type Requirements = PaymentRequired["accepts"][number];

/**
 * `<script type="application/json" id="offer">`: JSON in which `<`, `>`, `&`, U+2028 and U+2029 are written as
 * `\u003c` and so on, so that no seller's words can end the element (T81).
 */
export interface Offer {
  /** The same object that the header `PAYMENT-REQUIRED` carries; `null` while nothing is sold (`page.closed`). */
  paymentRequired: PaymentRequired | null;
  page: PageFacts;
}

/** What the terms do not say. Texts are the seller's, as typed: the page shows them as text only. */
export interface PageFacts {
  title: string;
  description: string;
  kind: "file" | "folder" | "text" | "service";
  /** The name that is saved under; `null` where there is none. */
  fileName: string | null;
  /** A whole number below 2^53. */
  sizeBytes: number | null;
  seller: {
    name: string;
    /** An e-mail address or an https URL; anything else is shown as text. */
    contact: string | null;
    /** `#rrggbb`, used for decoration only, never behind or in text. */
    colour: string | null;
  };
  /** A picture at a path of this origin or `data:image/…`. */
  cover: string | null;
  environment: "practice" | "test" | "live";
  /** How the endpoint is called. This page buys by `GET` only. */
  method: string;
  /** The endpoint's public URL, as in `resource.url`: what is shared, shown as QR, and opened in a wallet. */
  url: string;
  /** Where receipts and grants live on this origin; links to anywhere else are not followed. */
  receiptBase: string;
  grantBase: string;
  /** By CAIP-2 name: each network that is paid on. Terms for a network or token that is not here are not shown. */
  networks: Record<string, NetworkFacts>;
  /** Set while the stall is paused or cannot sell; the page is then answered with 503 and `Retry-After`. */
  closed: { sentence: string; retryAfterSeconds: number } | null;
}

export interface NetworkFacts {
  /** `Base` */
  name: string;
  nativeCurrency: { name: string; symbol: string; decimals: number };
  /** Public https nodes for wallets that do not know the network yet; empty in practice. */
  rpcUrls: string[];
  /** `https://basescan.org`; `null` in practice. */
  explorerUrl: string | null;
  /** By address in lower case. */
  tokens: Record<string, TokenFacts>;
}

export interface TokenFacts {
  /** `USDC` */
  symbol: string;
  decimals: number;
  /** One is worth one US dollar: prices are shown as `$0.05`. */
  isDollar: boolean;
}

/** 200 for a payment or sign-in with `profile=stallkeeper-grant`; `Cache-Control: no-store, private`. */
export interface GrantAnswer {
  /** `/d/<token>`: below `grantBase`. */
  grant: string;
  /** `/r/<id>`: below `receiptBase`; `null` for what was never paid, such as a free quota. */
  receipt: string | null;
  /** `/s/<id>`: answers {@link PaymentStatus}. */
  status: string | null;
  fileName: string | null;
  sizeBytes: number | null;
  /** For a folder that is sold as its files: each with a grant link of its own. */
  files?: { name: string; sizeBytes: number | null; grant: string }[];
}

/** What `status` answers; the states of a payment. */
export interface PaymentStatus {
  state: string;
}

/** JSON body of an answer that is not 200, where there is one. */
export interface Refusal {
  error: string;
  /** One sentence for people. Both names are read. */
  message?: string;
  errorMessage?: string;
  /**
   * The authorization has already paid for this very thing, but it has become public since and proves nothing any
   * more: the payer signs in, or signs once more and is not charged.
   */
  alreadyPaid?: boolean;
}
