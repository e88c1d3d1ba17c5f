import type { PageFacts } from "../contract";
import type { Choice } from "../offer";
import type { Purchase } from "../purchase";
import type { FoundWallet } from "../wallets";
import type { Messages } from "../words";

/** What every view may use. */
export interface Scene {
  words: Messages;
  page: PageFacts;
  origin: string;
  purchase: Purchase;
  wallets: readonly FoundWallet[];
  /** The wallet that was used last, by its name. */
  lastWallet: string | null;
  lookForWallets: () => void;
  /** Says something to those who hear the page. */
  say: (sentence: string) => void;
}

/** What a state looks like: a heading, which takes the focus, and what stands below it. */
export interface Panel {
  title: string;
  parts: (Node | null)[];
  /** Said as soon as it is shown, besides the heading. */
  said?: string;
}

/** The way to pay that the state is about. There is one wherever a wallet has been opened. */
export function chosen(scene: Scene): Choice {
  const { choice } = scene.purchase;
  if (choice === null) {
    throw new Error("no way to pay");
  }
  return choice;
}
