import { mixed, pick } from "./random";
import { type Endpoint, lengthOf, type Payment, type PaymentState, WINDOW } from "./records";
import { BATCH_LIMIT } from "./settling";
import type { Stall } from "./stall";
import { DAY } from "./sums";

/** Selling begins at this hour of a day. */
const MORNING = 6 * 3_600_000;

/** The newest payment of the past is this old. */
const LATEST = 90_000;

/** Of so many payments one ended in that state. */
const ENDS: readonly (readonly [PaymentState, string | null, number])[] = [
  ["failed", "underfunded", 240],
  ["failed", "payer_has_code", 1900],
  ["settled_elsewhere", null, 900],
  ["written_off", "underfunded", 700],
  ["voided", null, 650],
  ["expired", "expired", 1100],
  ["cancelled", "nonce_used", 2100],
  ["diverted", "nonce_used", 2900],
];

/** Only these came into a batch. */
const BATCHED: readonly PaymentState[] = ["settled", "settled_elsewhere", "failed"];

/** Sells for some days until now: so many payments, of which the newest still wait. */
export function sellFor(stall: Stall, days: number, payments: number, waiting: number): void {
  const { seed } = stall;
  const moments = momentsOf(stall, days, payments);
  const endpoints = stall.shelf.endpoints;
  let together: Payment[] = [];
  moments.forEach((createdAt, place) => {
    const isWaiting = place >= moments.length - waiting;
    // The first of the shelf sell best.
    const endpoint = pick(
      endpoints.slice(0, 1 + (mixed(seed, place, 11) % endpoints.length)),
      seed,
      place,
      12,
    );
    const [state, reason] = isWaiting ? (["queued", null] as const) : endOf(seed, place);
    const payment = enter(stall, endpoint, createdAt, state, reason);
    if (isWaiting) {
      stall.settler.watch(payment);
    } else if (BATCHED.includes(state)) {
      together.push(payment);
    }
    if (together.length === BATCH_LIMIT || (place === moments.length - waiting - 1 && together.length > 0)) {
      stall.settler.enter(together, "seller", createdAt + 60_000);
      together = [];
    }
  });
}

/** Enters a payment of the past as it stands now. */
export function enter(
  stall: Stall,
  endpoint: Endpoint,
  createdAt: number,
  state: PaymentState,
  reason: string | null = null,
  window = WINDOW,
): Payment {
  const isVoided = state === "voided";
  const place = stall.book.payments.length;
  return stall.book.enter({
    endpoint,
    amount: endpoint.price,
    createdAt,
    validBefore: Math.floor(createdAt / 1000) + window,
    payTo: stall.payTo ?? "",
    state,
    reason,
    doom:
      state === "failed" || (state === "queued" && mixed(stall.seed, place, 14) % 30 === 0)
        ? (reason ?? "underfunded")
        : null,
    delivery: isVoided ? "waiting" : "delivered",
    bytesSent: isVoided ? 0 : lengthOf(endpoint.content),
    batch: null,
    changedAt: createdAt + 3_600_000,
  });
}

function endOf(seed: number, place: number): readonly [PaymentState, string | null] {
  const found = ENDS.find(([, , of], kind) => mixed(seed, place, kind, 15) % of === 0);
  return found === undefined ? ["settled", null] : [found[0], found[1]];
}

/** When somebody bought, oldest first: some days are better than others, and the newer ones better still. */
function momentsOf(stall: Stall, days: number, payments: number): number[] {
  const now = stall.clock.now();
  const today = Math.floor(now / DAY);
  const weights = Array.from(
    { length: days },
    (_, place) => 60 + place + (mixed(stall.seed, place, 16) % 80),
  );
  const sum = weights.reduce((one, other) => one + other, 0);
  const moments: number[] = [];
  weights.forEach((weight, place) => {
    const begin = (today - days + 1 + place) * DAY + MORNING;
    const isLast = place === days - 1;
    const end = isLast ? now - LATEST : begin + DAY - MORNING;
    const many = isLast ? payments - moments.length : Math.floor((payments * weight) / sum);
    // A day that has only begun began before it.
    const from = Math.min(begin, end - 3_600_000);
    for (let nth = 0; nth < many; nth += 1) {
      moments.push(Math.round(from + ((end - from) * (nth + 1)) / many));
    }
  });
  return moments.sort((one, other) => one - other);
}
