import type { PaymentList } from "../../api/generated/PaymentList";
import type { PaymentQuery } from "../../api/generated/PaymentQuery";
import { payer, paymentView } from "./payment-view";
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
  const isWanted = (state: string) => states.length === 0 || states.includes(state);

  const { payments, sums } = stall.book;
  const found = [];
  // One more than the page has tells whether there is another.
  for (let seq = Number(before ?? payments.length + 1) - 1; seq > 0 && found.length <= limit; seq -= 1) {
    const payment = payments[seq - 1];
    const isThere = payment !== undefined && (endpoint === null || payment.endpoint === endpoint);
    const isTheirs = buyer === undefined || payer(stall.seed, seq) === buyer;
    if (isThere && isTheirs && isWanted(payment.state)) {
      found.push(payment);
    }
  }
  const of = endpoint === null ? "all" : { endpoint: endpoint.id };
  const kept = buyer === undefined ? sums : sumsOf(stall, buyer);
  const page = found.slice(0, limit);
  return {
    items: page.map((payment) => paymentView(stall.seed, payment)),
    next: found.length > limit ? String(page.at(-1)?.seq) : null,
    total: kept.total(of, isWanted).payments,
    summary: kept.summary(of, isWanted),
    help: null,
  };
}

/** The sums of one buyer's payments. */
function sumsOf({ book, seed }: Stall, buyer: string): Sums {
  const sums = new Sums();
  for (const payment of book.payments) {
    if (payer(seed, payment.seq) === buyer) {
      sums.count(payment, 1);
    }
  }
  return sums;
}
