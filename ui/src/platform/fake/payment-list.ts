import type { PaymentList } from "../../api/generated/PaymentList";
import type { PaymentQuery } from "../../api/generated/PaymentQuery";
import { toAtomic } from "../../lib/money";
import { payer, paymentView } from "./payment-view";
import type { Payment } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { Sums } from "./sums";

const USUAL_PAGE = 50;
const LARGEST_PAGE = 1000;

/** A page of payments, newest first, with the sums of its whole filter. */
export function listPayments(stall: Stall, query: PaymentQuery): PaymentList {
  const { limit = USUAL_PAGE, before } = query;
  if (limit < 1 || limit > LARGEST_PAGE) {
    throw refuse("invalid_request", `A page has 1 to ${LARGEST_PAGE} payments.`);
  }
  if (before !== undefined && !/^\d+$/.test(before)) {
    throw refuse("invalid_request", "The page's begin is not one that a page before it gave.");
  }
  const states = [...(query.states ?? []), ...(query.state === undefined ? [] : [query.state])];
  const endpoint = query.endpoint === undefined ? null : stall.shelf.find(query.endpoint);
  const buyer = query.payer?.toLowerCase();
  const rest = narrowed(stall, query);
  const isWanted = (state: string) => states.length === 0 || states.includes(state);

  const { payments, sums } = stall.book;
  const found = [];
  // One more than the page has tells whether there is another.
  for (let seq = Number(before ?? payments.length + 1) - 1; seq > 0 && found.length <= limit; seq -= 1) {
    const payment = payments[seq - 1];
    const isThere = payment !== undefined && (endpoint === null || payment.endpoint === endpoint);
    const isTheirs = buyer === undefined || payer(stall.seed, seq) === buyer;
    if (isThere && isTheirs && isWanted(payment.state) && rest?.(payment) !== false) {
      found.push(payment);
    }
  }
  const of = endpoint === null ? "all" : { endpoint: endpoint.id };
  const kept =
    buyer === undefined && rest === null
      ? sums
      : sumsOf(
          stall,
          ({ seq }) => buyer === undefined || payer(stall.seed, seq) === buyer,
          (payment) => rest?.(payment) !== false,
        );
  const page = found.slice(0, limit);
  return {
    items: page.map((payment) => paymentView(stall.seed, payment)),
    next: found.length > limit ? String(page.at(-1)?.seq) : null,
    total: kept.total(of, isWanted).payments,
    summary: kept.summary(of, isWanted),
    help: query.delivery === undefined ? null : helpFor(query.delivery),
  };
}

/** Nobody is owed what was paid for by these. */
const GIVEN_UP = ["voided", "failed", "cancelled", "diverted", "expired"];

/** What helps the buyers of what has not arrived. */
function helpFor(delivery: string): string {
  switch (delivery) {
    case "waiting":
      return "Nothing of these has left yet. The buyer opens the link, or asks again with a fresh signature of the same wallet, and is not charged again.";
    case "interrupted":
      return "These broke off. The buyer opens the download link again, which goes on where it stopped. You can give the money back, too.";
    default:
      throw refuse("invalid_request", `Write interrupted or waiting, not "${delivery.slice(0, 40)}".`);
  }
}

/** What a query asks beyond states, endpoint and buyer; null where nothing. */
function narrowed({ seed }: Stall, query: PaymentQuery): ((payment: Payment) => boolean) | null {
  const { delivery, network, from, to, least, most } = query;
  const search = query.search?.trim().toLowerCase() ?? "";
  if ([delivery, network, from, to, least, most].every((one) => one === undefined) && search === "") {
    return null;
  }
  const units = (amount: string | undefined) => (amount === undefined ? undefined : toAtomic(amount, 6));
  const [low, high] = [units(least), units(most)];
  return (payment) => {
    const view = paymentView(seed, payment);
    const day = new Date(view.createdAt).toISOString().slice(0, 10);
    const amount = BigInt(view.amount);
    const begins = [view.id, view.payer, view.transaction, view.nonce].some(
      (part) => search.length >= 4 && part?.toLowerCase().startsWith(search),
    );
    return (
      (delivery === undefined || (view.delivery === delivery && !GIVEN_UP.includes(view.state))) &&
      (network === undefined || view.network === network) &&
      (from === undefined || day >= from) &&
      (to === undefined || day <= to) &&
      (low === undefined || amount >= low) &&
      (high === undefined || amount <= high) &&
      (begins || `${view.endpointTitle} ${view.endpoint}`.toLowerCase().includes(search))
    );
  };
}

/** The sums of some payments. */
function sumsOf({ book }: Stall, ...wanted: ((payment: Payment) => boolean)[]): Sums {
  const sums = new Sums();
  for (const payment of book.payments) {
    if (wanted.every((one) => one(payment))) {
      sums.count(payment, 1);
    }
  }
  return sums;
}
