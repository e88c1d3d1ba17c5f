import type { CapsView } from "../../api/generated/CapsView";
import type { ExposureSet } from "../../api/generated/ExposureSet";
import type { ExposureShareView } from "../../api/generated/ExposureShareView";
import type { ExposureView } from "../../api/generated/ExposureView";
import type { MoneyView } from "../../api/generated/MoneyView";
import type { PayerDetailView } from "../../api/generated/PayerDetailView";
import type { PayerList } from "../../api/generated/PayerList";
import type { PayerQuery } from "../../api/generated/PayerQuery";
import type { PayerSet } from "../../api/generated/PayerSet";
import type { PayerView } from "../../api/generated/PayerView";
import type { StandingView } from "../../api/generated/StandingView";
import { money, price } from "./money";
import { addressOf, buyer, paymentId } from "./payment-view";
import { NETWORK, type Payment } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { counted, GROUPS } from "./sums";

/** Payments and what they come to. */
interface Sum {
  payments: number;
  amount: bigint;
}

/** What is known of one buyer. */
interface Known {
  payer: string;
  firstSeen: number;
  lastSeen: number;
  accepted: Sum;
  settled: Sum;
  lost: Sum;
  exposed: Sum;
  /** The last payment that went wrong. */
  wrong: Payment | null;
}

type Standing = "normal" | "trusted" | "instant_only" | "blocked";
type Sort = "recent" | "settled" | "exposed" | "lost";

const STANDINGS: readonly Standing[] = ["normal", "trusted", "instant_only", "blocked"];
const CAPS = ["perSale", "perPayer", "perNewPayer", "perNetwork", "total"] as const;
const LOST = [...GROUPS.attention, "written_off"];
const USUAL_PAGE = 50;
const UNITS: Record<string, number> = { m: 60, h: 3600, d: 86_400 };

/** The seller's caps, and what the seller said of payers. Practice begins without caps. */
export class Trust {
  caps: CapsView = {
    perSale: null,
    perPayer: null,
    perNewPayer: null,
    perNetwork: null,
    total: null,
    oldestSeconds: null,
    beyond: "instant",
  };
  readonly chosen = new Map<string, { standing: Standing; at: number }>();
}

/** How much is delivered and not settled, against the caps. */
export function showExposure(stall: Stall): ExposureView {
  const { caps } = stall.trust;
  const known = [...payers(stall).values()].filter(({ exposed }) => exposed.payments > 0);
  const total = known.reduce((sum, { exposed }) => plus(sum, exposed), none());
  const bounded = caps.oldestSeconds !== null || CAPS.some((name) => caps[name] !== null);
  const beyond = caps.beyond === "refuse" ? "a sale is refused until earlier payments have settled" : "";
  const oldest = stall.book.payments.find((payment) => isExposed(payment));
  return {
    caps,
    isDefault: !bounded && caps.beyond === "instant",
    total: share(total, caps.total),
    networks: [
      {
        network: NETWORK,
        ...share(total, caps.perNetwork),
        oldestAt: oldest === undefined ? null : time(oldest.createdAt),
      },
    ],
    payers: known
      .sort((one, other) => Number(other.exposed.amount - one.exposed.amount))
      .slice(0, 10)
      .map((one) => ({
        payer: one.payer,
        network: NETWORK,
        ...share(
          one.exposed,
          one.settled.payments === 0 ? (caps.perNewPayer ?? caps.perPayer) : caps.perPayer,
        ),
        standing: standing(stall, one.payer, one).standing,
      })),
    sentence: bounded
      ? `Beyond a cap, ${beyond || "a buyer gets the goods once the money has arrived"}.`
      : "There are no caps: everything batched is delivered before its money has arrived.",
  };
}

/** Why every buyer is refused, and what all that uses the cap comes to; null while there is room, or no cap that refuses. */
export function usedUp(stall: Stall): { sentence: string; exposed: Sum } | null {
  const { total: cap, beyond } = stall.trust.caps;
  const prices = stall.shelf.endpoints.filter(({ state }) => state === "live").map(({ price }) => price);
  const exposed = [...payers(stall).values()].reduce((sum, one) => plus(sum, one.exposed), none());
  const isFull = prices.every((price) => cap !== null && exposed.amount + price > BigInt(cap.amount));
  if (beyond !== "refuse" || cap === null || prices.length === 0 || !isFull) {
    return null;
  }
  const sentence = `$${money(exposed.amount).formatted} of the $${cap.formatted} that you give on credit is used, so buyers are refused. Settle what waits, or raise the cap in Settings.`;
  return { sentence, exposed };
}

/** Changes caps; `none` lifts one. */
export function setExposure(stall: Stall, request: ExposureSet): ExposureView {
  const caps = request.defaults === true ? new Trust().caps : { ...stall.trust.caps };
  for (const name of CAPS) {
    const text = request[name]?.trim();
    if (text !== undefined) {
      caps[name] = text === "none" ? null : money(text === "0" ? 0n : price(text));
    }
  }
  const age = request.oldest?.trim();
  if (age !== undefined) {
    caps.oldestSeconds = age === "none" ? null : seconds(age);
  }
  if (request.beyond !== undefined) {
    if (request.beyond !== "instant" && request.beyond !== "refuse") {
      throw refuse(
        "invalid_request",
        "A sale beyond a cap is either made instant or refused: write instant or refuse.",
      );
    }
    caps.beyond = request.beyond;
  }
  stall.trust.caps = caps;
  stall.events.changed("settings");
  return showExposure(stall);
}

/** Buyers, sorted, page by page. */
export function listPayers(stall: Stall, query: PayerQuery): PayerList {
  const { sort = "recent", limit = USUAL_PAGE, before = "0" } = query;
  const sum = { settled: "settled", exposed: "exposed", lost: "lost" }[sort as Exclude<Sort, "recent">] as
    | "settled"
    | "exposed"
    | "lost"
    | undefined;
  if (sum === undefined && sort !== "recent") {
    throw refuse("invalid_request", "Payers are sorted by recent, settled, exposed or lost.");
  }
  const paid = payers(stall);
  for (const [who, { at }] of query.standing === undefined ? [] : stall.trust.chosen) {
    if (!paid.has(who)) {
      paid.set(who, { ...nobody(who), firstSeen: at });
    }
  }
  const all = [...paid.values()]
    .filter((one) => sum === undefined || one[sum].payments > 0)
    .filter(
      (one) => query.standing === undefined || standing(stall, one.payer, one).standing === query.standing,
    )
    .sort((one, other) =>
      sum === undefined ? other.firstSeen - one.firstSeen : Number(other[sum].amount - one[sum].amount),
    );
  const start = Number(before);
  const end = start + limit;
  return {
    items: all.slice(start, end).map((one) => view(stall, one)),
    next: end < all.length ? `${end}` : null,
  };
}

/** One buyer. */
export function showPayer(stall: Stall, name: string): PayerDetailView {
  const known = payers(stall).get(name.toLowerCase());
  if (known === undefined && !stall.trust.chosen.has(name.toLowerCase())) {
    throw refuse("not_found", `There is no payer ${name.slice(0, 100)}.`);
  }
  const { caps } = stall.trust;
  const stands = standing(stall, name, known);
  const isNew = (known?.settled.payments ?? 0) === 0;
  const cap = isNew ? (caps.perNewPayer ?? caps.perPayer) : caps.perPayer;
  return {
    payer: name,
    ...stands,
    exposure: share(known?.exposed ?? none(), stands.standing === "normal" ? cap : null),
    tokens: known === undefined ? [] : [view(stall, known)],
  };
}

/** Says how far a buyer is trusted. */
export function setPayer(stall: Stall, request: PayerSet): PayerDetailView {
  const known = payers(stall).get(request.payer.toLowerCase());
  const isUnblocked = request.standing === "unblocked";
  if (isUnblocked && stall.trust.chosen.get(request.payer.toLowerCase())?.standing !== "blocked") {
    throw refuse("conflict", "This payer is not blocked.");
  }
  const lifted = known !== undefined && known.lost.payments > 0 ? "instant_only" : "normal";
  const wanted = isUnblocked ? lifted : STANDINGS.find((word) => word === request.standing);
  if (wanted === undefined) {
    throw refuse(
      "invalid_request",
      "The standings of a payer are normal, trusted, instant_only and blocked.",
    );
  }
  if (!/^0x[0-9a-fA-F]{40}$/.test(request.payer)) {
    throw refuse("invalid_request", "A payer is an address: 0x and 40 hexadecimal digits.");
  }
  stall.trust.chosen.set(request.payer.toLowerCase(), { standing: wanted, at: stall.clock.now() });
  stall.events.changed("settings");
  return showPayer(stall, request.payer);
}

function payers(stall: Stall): Map<string, Known> {
  const all = new Map<number, Known>();
  for (const payment of stall.book.payments) {
    const nth = buyer(stall.seed, payment.seq);
    const known = all.get(nth) ?? { ...nobody(addressOf(stall.seed, nth)), firstSeen: payment.createdAt };
    all.set(nth, known);
    known.lastSeen = Math.max(known.lastSeen, payment.createdAt);
    if (payment.state !== "voided") {
      add(known.accepted, payment);
    }
    if (GROUPS.settled.includes(payment.state)) {
      add(known.settled, payment);
    }
    if (LOST.includes(payment.state)) {
      add(known.lost, payment);
      known.wrong = payment.state === "expired" ? known.wrong : payment;
    }
    if (isExposed(payment)) {
      add(known.exposed, payment);
    }
  }
  return new Map([...all.values()].map((known) => [known.payer, known]));
}

/** What is known of somebody who never paid. */
function nobody(who: string): Known {
  return {
    payer: who,
    firstSeen: 0,
    lastSeen: 0,
    accepted: none(),
    settled: none(),
    lost: none(),
    exposed: none(),
    wrong: null,
  };
}

function isExposed({ state, endpoint }: Payment): boolean {
  return GROUPS.pending.includes(state) && endpoint.mode === "batched";
}

function standing(stall: Stall, name: string, known: Known | undefined): StandingView {
  const chosen = stall.trust.chosen.get(name.toLowerCase());
  const wrong = known?.wrong ?? null;
  if (chosen === undefined && wrong !== null) {
    return {
      standing: "instant_only",
      standingSentence: "Served once the money has arrived, because a payment of this payer failed.",
      standingBecause: wrong.state,
      standingPayment: paymentId(stall.seed, wrong.seq),
      standingSince: time(wrong.changedAt),
    };
  }
  const sentences: Record<Standing, string> = {
    normal: "Served as the caps allow.",
    trusted: "You trust this payer beyond the caps of a single one.",
    instant_only: "Served once the money has arrived, as you chose.",
    blocked: "You sell this payer nothing. What was paid for can still be fetched.",
  };
  const word = chosen?.standing ?? "normal";
  return {
    standing: word,
    standingSentence: sentences[word],
    standingBecause: null,
    standingPayment: null,
    standingSince: chosen === undefined ? null : time(chosen.at),
  };
}

function view(stall: Stall, known: Known): PayerView {
  const hasPaid = known.lastSeen > 0;
  return {
    payer: known.payer,
    network: hasPaid ? NETWORK : null,
    firstSeenAt: hasPaid ? time(known.firstSeen) : null,
    lastSeenAt: hasPaid ? time(known.lastSeen) : null,
    accepted: counted(known.accepted),
    settled: counted(known.settled),
    lost: counted(known.lost),
    exposed: counted(known.exposed),
    ...standing(stall, known.payer, known),
  };
}

function share(sum: Sum, cap: MoneyView | null): ExposureShareView {
  const of = BigInt(cap?.amount ?? 0);
  const percent = of === 0n ? (sum.amount === 0n ? 0n : 100n) : (sum.amount * 100n + of - 1n) / of;
  return { ...counted(sum), cap, sharePercent: cap === null ? null : Number(percent) };
}

function seconds(age: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(age) ?? [];
  const total = Number(count) * (UNITS[unit] ?? 0);
  if (total === 0) {
    throw refuse(
      "invalid_request",
      "An age is written as minutes, hours or days: 90m, 12h or 2d; none lifts it.",
    );
  }
  return total;
}

function none(): Sum {
  return { payments: 0, amount: 0n };
}

function add(sum: Sum, { amount }: Payment): void {
  sum.payments += 1;
  sum.amount += amount;
}

function plus(one: Sum, other: Sum): Sum {
  return { payments: one.payments + other.payments, amount: one.amount + other.amount };
}

function time(millis: number): string {
  return new Date(millis).toISOString();
}
