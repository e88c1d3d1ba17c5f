import type { KeyPlace } from "../../api/generated/KeyPlace";
import type { WalletExport } from "../../api/generated/WalletExport";
import type { WalletExported } from "../../api/generated/WalletExported";
import type { WalletLock } from "../../api/generated/WalletLock";
import type { WalletUnlock } from "../../api/generated/WalletUnlock";
import type { WalletView } from "../../api/generated/WalletView";
import { COIN, coin, money } from "./money";
import { NETWORK } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

/** What the stall's own passphrase is, where it has one. */
const PASSPHRASE = "correct horse battery";

const MINUTE = 60_000;

/** The gas wallet: practice has one of its own; elsewhere it begins without. */
export class Wallet {
  keptIn: KeyPlace | null = "practice";
  isLocked = false;
  lockAfterMinutes: number | null = null;
  lastUsed = 0;

  locksAt(): number | null {
    return this.lockAfterMinutes === null || this.isLocked
      ? null
      : this.lastUsed + this.lockAfterMinutes * MINUTE;
  }
}

/** The gas wallet in full. */
export function showWallet(stall: Stall): WalletView {
  const { wallet } = stall;
  const view = stall.gasWallet();
  const isThere = wallet.keptIn !== null;
  const holding = {
    network: NETWORK,
    title: "Base Sepolia",
    balance: stall.gas.toString(),
    balanceFormatted: coin(stall.gas),
    nativeSymbol: COIN,
    token: money(0n),
    tokenName: "USDC",
  };
  return {
    state: !isThere ? "none" : wallet.isLocked ? "locked" : "unlocked",
    address: isThere ? view.address : null,
    keptIn: wallet.keptIn,
    needsPassphrase: wallet.keptIn === "file",
    systemKeyStore: true,
    lockAfterMinutes: wallet.lockAfterMinutes,
    locksAt: wallet.locksAt(),
    holdings: isThere && !stall.isNodeAway ? [holding] : [],
    isPayout: false,
    mostToLose: isThere
      ? `Whoever gets this key can take ${coin(stall.gas)} ${COIN} on Base Sepolia. What buyers pay goes to another address and is out of its reach.`
      : null,
    exportWord: isThere ? view.address.slice(-6) : null,
  };
}

/** Makes a key, or takes one over. */
export function takeKey(
  stall: Stall,
  request: { keepIn?: KeyPlace; passphrase?: string; replace?: boolean },
): WalletView {
  const { wallet } = stall;
  if (wallet.keptIn === "practice") {
    throw refuse("invalid_request", "Practice has a gas wallet of its own, which is filled by its node.");
  }
  if (wallet.keptIn !== null && request.replace !== true) {
    throw refuse("conflict", "There is a gas wallet already. Say that it is to be replaced.");
  }
  const place = request.keepIn ?? (request.passphrase === undefined ? "system" : "file");
  if (place === "file" && (request.passphrase ?? "").length < 8) {
    throw refuse("invalid_request", "A passphrase has at least 8 characters.");
  }
  wallet.keptIn = place;
  wallet.isLocked = false;
  stall.events.changed("status");
  return showWallet(stall);
}

/** Saves the key behind a typed word. */
export function exportKey(stall: Stall, request: WalletExport): WalletExported {
  const { address } = existing(stall);
  if (request.word.trim().toLowerCase() !== address.slice(-6).toLowerCase()) {
    throw refuse(
      "invalid_request",
      "Type the last six characters of the gas wallet's address to save its key to a file.",
    );
  }
  const isEncrypted = request.passphrase !== undefined;
  if (isEncrypted === (request.bare ?? false)) {
    throw refuse("invalid_request", "Choose a passphrase for the file, or say that the bare key is wanted.");
  }
  if (stall.wallet.isLocked) {
    throw refuse("locked", "The gas wallet is locked. Unlock it in Settings.");
  }
  return { file: request.file, address, encrypted: isEncrypted };
}

/** Locks the wallet, now or whenever it was idle. */
export function lockWallet(stall: Stall, { afterMinutes }: WalletLock): WalletView {
  existing(stall);
  if (afterMinutes === undefined) {
    stall.wallet.isLocked = true;
  } else {
    stall.wallet.lockAfterMinutes = afterMinutes === 0 ? null : afterMinutes;
    stall.wallet.lastUsed = stall.clock.now();
  }
  stall.events.changed("status");
  return showWallet(stall);
}

/** Unlocks the wallet. */
export function unlockWallet(stall: Stall, { passphrase }: WalletUnlock): WalletView {
  existing(stall);
  if (stall.wallet.keptIn === "file" && passphrase !== PASSPHRASE) {
    throw refuse("invalid_request", "That is not the passphrase of the gas wallet.");
  }
  stall.wallet.isLocked = false;
  stall.wallet.lastUsed = stall.clock.now();
  stall.events.changed("status");
  return showWallet(stall);
}

function existing(stall: Stall): { address: string } {
  if (stall.wallet.keptIn === null) {
    throw refuse("unavailable", "There is no gas wallet yet. Create one in Settings.");
  }
  return stall.gasWallet();
}
