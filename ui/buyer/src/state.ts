import type { Body } from "./ask";
import type { KeptGrant, KeptPayment } from "./keep";
import type { Choice } from "./offer";

/** What a buyer has to know before anything else; `null` when all is as expected. */
export type Notice =
  | { is: "rejected" }
  | { is: "walletBusy" }
  | { is: "walletFailed"; sentence: string }
  | { is: "accountChanged" }
  | { is: "priceChanged"; old: Choice }
  | { is: "wayGone" }
  | { is: "expired" }
  | { is: "failed"; sentence: string | null }
  | { is: "refused"; sentence: string | null }
  | { is: "capped"; sentence: string | null }
  | { is: "notOwner" }
  | { is: "noSignIn" }
  | { is: "alreadyCalled" };

/** Why a signed payment waits in this browser. */
type Waiting = "reloaded" | "silent" | "away" | "settling";

/** What the panel shows. Wallets, ways to pay and prices are the purchase's and shown beside it. */
export type State =
  | { is: "choosing"; notice: Notice | null }
  | { is: "working"; step: WorkStep; wallet: string }
  | { is: "wrongNetwork"; trouble: "rejected" | "unknownNetwork" | "failed" }
  | { is: "short"; payer: string; balance: bigint | null }
  | { is: "reviewing"; payer: string; balance: bigint | null; notice: Notice | null }
  | { is: "kept"; payment: KeptPayment; why: Waiting; sentence: string | null; seconds: number | null }
  | { is: "elsewhere" }
  | { is: "owned"; grant: KeptGrant; isFresh: boolean; isOver: boolean }
  | { is: "blocked"; sentence: string | null }
  | { is: "alreadyPaid" }
  | { is: "bought"; body: Body }
  | { is: "closed"; sentence: string | null; seconds: number }
  | { is: "gone" }
  | { is: "programsOnly" }
  | { is: "nothingPayable" };

type WorkStep = "connecting" | "switching" | "checking" | "signing" | "signingIn" | "sending" | "settling";

/** What a wallet is opened for: to pay, or to show who has paid. */
export type Purpose = "pay" | "prove";
