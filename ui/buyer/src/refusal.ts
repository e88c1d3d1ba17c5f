import type { Reason } from "./ask";
import { areSameTerms, type Choice, isSameWay } from "./offer";
import type { Notice, State } from "./state";
import type { WalletError } from "./wallet";

/**
 * Where a payment that was refused for good leads: to a state of its own, back to the wallets, or again to what would
 * be signed now. `signedFor` is `null` for a payment of an earlier visit.
 */
export type Way =
  | { to: "state"; state: State }
  | { to: "wallets"; notice: Notice }
  | { to: "review"; notice: Notice };

export function wayFrom(
  { alreadyPaid, code, sentence }: Reason,
  signedFor: Choice | null,
  today: readonly Choice[],
  payer: string | null,
): Way {
  if (alreadyPaid) {
    return { to: "state", state: { is: "alreadyPaid" } };
  }
  if (code === "payer_blocked") {
    return { to: "state", state: { is: "blocked", sentence } };
  }
  if (code === "insufficient_funds" && payer !== null) {
    return { to: "state", state: { is: "short", payer, balance: null } };
  }
  if (signedFor !== null) {
    const same = today.find((choice) => isSameWay(choice, signedFor));
    if (same === undefined) {
      return { to: "wallets", notice: { is: "wayGone" } };
    }
    if (!areSameTerms(same, signedFor)) {
      return { to: "review", notice: { is: "priceChanged", old: signedFor } };
    }
  }
  if (code === "payment_expired" || code.endsWith("_valid_before")) {
    return { to: "review", notice: { is: "expired" } };
  }
  return { to: "review", notice: { is: code === "cap_reached" ? "capped" : "refused", sentence } };
}

/** What a wallet did not do. */
export function noticeOf({ message, trouble }: WalletError): Notice {
  switch (trouble) {
    case "rejected":
      return { is: "rejected" };
    case "busy":
      return { is: "walletBusy" };
    case "unknownNetwork":
    case "failed":
      return { is: "walletFailed", sentence: message };
  }
}
