import type { PayoutChangeView } from "../../api/generated/PayoutChangeView";
import type { PayoutSet } from "../../api/generated/PayoutSet";
import type { PayoutVerify } from "../../api/generated/PayoutVerify";
import type { PayoutView } from "../../api/generated/PayoutView";
import { address } from "./network";
import { NETWORK } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { DAY } from "./sums";

const TITLE = "Base Sepolia";

/** Which payout addresses were changed, and which are known to be the seller's. */
export class Payouts {
  changes: PayoutChangeView[] = [];
  readonly verified = new Map<string, { by: "signature" | "payment"; at: number }>();
}

/** The changes of the last day, newest first. */
export function changedPayouts(stall: Stall): PayoutChangeView[] {
  return stall.payouts.changes.filter(({ at }) => at >= stall.clock.now() - DAY).toReversed();
}

/** Where the money goes. */
export function showPayout(stall: Stall): PayoutView {
  const { payTo } = stall;
  const proof = payTo === null ? undefined : stall.payouts.verified.get(payTo.toLowerCase());
  return {
    network: NETWORK,
    title: TITLE,
    payTo,
    verified: proof !== undefined,
    verifiedBy: proof?.by ?? null,
    verifiedAt: proof?.at ?? null,
    message: payTo === null ? null : `I own this address, and my Stallkeeper stall may pay to it:\n${payTo}`,
    testPayment: null,
  };
}

/** Changes where the money goes, behind the typed end of the new address. */
export function setPayout(stall: Stall, { network, payTo, word }: PayoutSet): PayoutView {
  mustBeHere(network);
  const to = address(payTo);
  if (word.trim().toLowerCase() !== to.slice(-6).toLowerCase()) {
    throw refuse("invalid_request", `Type the last 6 characters of the address ${to}.`);
  }
  if (stall.payTo !== null && stall.payTo.toLowerCase() !== to.toLowerCase()) {
    stall.payouts.changes.push({ network, title: TITLE, from: stall.payTo, to, at: stall.clock.now() });
  }
  stall.payTo = to;
  stall.events.changed("settings", "endpoints", "status");
  return showPayout(stall);
}

/** Any signature that looks like one will do here: telling them apart needs a curve that this stall does without. */
export function verifyPayout(stall: Stall, request: PayoutVerify): PayoutView {
  mustBeHere(request.network);
  if (stall.payTo === null) {
    throw refuse("conflict", "Say first where the money goes.");
  }
  const { signature, payment } = request;
  if ((signature === undefined) === (payment === undefined)) {
    throw refuse("invalid_request", "Give the signature, or the payment that arrived.");
  }
  if (signature !== undefined && !/^0x[0-9a-fA-F]{130}$/.test(signature.trim())) {
    throw refuse("invalid_request", "A signature is written in hexadecimal digits: 0x and 130 of them.");
  }
  const by = signature === undefined ? "payment" : "signature";
  stall.payouts.verified.set(stall.payTo.toLowerCase(), { by, at: stall.clock.now() });
  stall.events.changed("settings", "status");
  return showPayout(stall);
}

function mustBeHere(network: string): void {
  if (network !== NETWORK) {
    throw refuse("not_found", `${network} was not set up yet.`);
  }
}
