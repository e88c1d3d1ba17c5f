import type { PayoutChangeView } from "../../api/generated/PayoutChangeView";
import type { PayoutSet } from "../../api/generated/PayoutSet";
import type { PayoutVerify } from "../../api/generated/PayoutVerify";
import type { PayoutView } from "../../api/generated/PayoutView";
import { address } from "./network";
import { type NetworkRow, networkTitle } from "./networks";
import { paymentView } from "./payment-view";
import { NETWORK } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { DAY } from "./sums";

/** Which payout addresses were changed, and which are known to be the seller's. */
export class Payouts {
  changes: PayoutChangeView[] = [];
  readonly verified = new Map<string, { by: "signature" | "payment"; at: number }>();
}

/** The changes of the last day, newest first. */
export function changedPayouts(stall: Stall): PayoutChangeView[] {
  return stall.payouts.changes.filter(({ at }) => at >= stall.clock.now() - DAY).toReversed();
}

/** Where the money goes, network by network. */
export function listPayouts(stall: Stall): PayoutView[] {
  return stall.networks.rows.map((row) => payoutView(stall, row));
}

/** Where the money goes on one network. */
export function payoutView(stall: Stall, { network, payTo }: NetworkRow): PayoutView {
  const proof = payTo === null ? undefined : stall.payouts.verified.get(keyOf(network, payTo));
  return {
    network,
    title: networkTitle(network),
    payTo,
    verified: proof !== undefined,
    verifiedBy: proof?.by ?? null,
    verifiedAt: proof?.at ?? null,
    message: payTo === null ? null : `I own this address, and my Stallkeeper stall may pay to it:\n${payTo}`,
    testPayment: proof === undefined && payTo !== null ? arrivedAt(stall, network, payTo) : null,
  };
}

/** A payment that arrived there for good. */
function arrivedAt(stall: Stall, network: string, payTo: string): string | null {
  const found = stall.book.payments.findLast(
    (payment) => network === NETWORK && payment.payTo === payTo && payment.batch?.state === "final",
  );
  return found === undefined ? null : paymentView(stall.seed, found).id;
}

/** Changes where the money goes, behind the typed end of the new address. */
export function setPayout(stall: Stall, { network, payTo, word }: PayoutSet): PayoutView {
  const row = existing(stall, network);
  const to = address(payTo);
  mustBeRead(to, word);
  if (row.payTo !== null && row.payTo.toLowerCase() !== to.toLowerCase()) {
    const title = networkTitle(network);
    stall.payouts.changes.push({ network, title, from: row.payTo, to, at: stall.clock.now() });
  }
  row.payTo = to;
  stall.events.changed("settings", "endpoints", "status");
  return payoutView(stall, row);
}

/** Any signature that looks like one will do here: telling them apart needs a curve that this stall does without. */
export function verifyPayout(stall: Stall, request: PayoutVerify): PayoutView {
  const row = existing(stall, request.network);
  if (row.payTo === null) {
    throw refuse("conflict", "Say first where the money goes.");
  }
  const { signature, payment } = request;
  if ((signature === undefined) === (payment === undefined)) {
    throw refuse("invalid_request", "Give the signature, or the payment that arrived.");
  }
  if (signature !== undefined && !/^0x[0-9a-fA-F]{130}$/.test(signature.trim())) {
    throw refuse("invalid_request", "A signature is written in hexadecimal digits: 0x and 130 of them.");
  }
  if (payment !== undefined) {
    mustBeRead(row.payTo, request.word ?? "");
  }
  const by = signature === undefined ? "payment" : "signature";
  stall.payouts.verified.set(keyOf(row.network, row.payTo), { by, at: stall.clock.now() });
  stall.events.changed("settings", "status");
  return payoutView(stall, row);
}

function mustBeRead(to: string, word: string): void {
  if (word.trim().toLowerCase() !== to.slice(-6).toLowerCase()) {
    throw refuse("invalid_request", `Type the last 6 characters of the address ${to}.`);
  }
}

function keyOf(network: string, payTo: string): string {
  return `${network} ${payTo.toLowerCase()}`;
}

function existing(stall: Stall, network: string): NetworkRow {
  const row = stall.networks.find(network);
  if (row === undefined) {
    throw refuse("not_found", `${networkTitle(network)} was not set up yet.`);
  }
  return row;
}
