import type { GasOnNetworkView } from "../../api/generated/GasOnNetworkView";
import type { HoldingView } from "../../api/generated/HoldingView";
import type { KeyPlace } from "../../api/generated/KeyPlace";
import type { WalletExport } from "../../api/generated/WalletExport";
import type { WalletExported } from "../../api/generated/WalletExported";
import type { WalletImport } from "../../api/generated/WalletImport";
import type { WalletLock } from "../../api/generated/WalletLock";
import type { WalletUnlock } from "../../api/generated/WalletUnlock";
import type { WalletView } from "../../api/generated/WalletView";
import { knownNetwork } from "./known-networks";
import { COIN, coin, money } from "./money";
import { networkTitle, waitingFor } from "./networks";
import { NETWORK } from "./records";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

/** What the stall's own passphrase is, where it has one. */
const PASSPHRASE = "correct horse battery";

const MINUTE = 60_000;

/** The gas wallet: practice has one of its own; elsewhere it begins without. */
export class Wallet {
  keptIn: KeyPlace | null = "practice";
  /** How many keys there were before: each has an address of its own. */
  made = 0;
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
  const held = holdings(stall);
  const isPayout = isThere && stall.networks.rows.some(({ payTo }) => payTo === view.address);
  return {
    state: !isThere ? "none" : wallet.isLocked ? "locked" : "unlocked",
    address: isThere ? view.address : null,
    keptIn: wallet.keptIn,
    needsPassphrase: wallet.keptIn === "file",
    systemKeyStore: true,
    lockAfterMinutes: wallet.lockAfterMinutes,
    locksAt: wallet.locksAt(),
    holdings: isThere ? held : [],
    isPayout,
    mostToLose: isThere ? mostToLose(held, isPayout) : null,
    exportWord: isThere ? view.address.slice(-6) : null,
  };
}

/** What it holds on each network, and whether that is enough for what may be settled next. */
export function gasOnNetworks(stall: Stall): GasOnNetworkView[] {
  const held = holdings(stall);
  const worst = stall.worstOfNext();
  return stall.networks.rows.map(({ network }) => {
    const here = held.find((holding) => holding.network === network);
    return {
      network,
      title: networkTitle(network),
      balance: here?.balance ?? null,
      balanceFormatted: here?.balanceFormatted ?? null,
      nativeSymbol: knownNetwork(network)?.coin ?? COIN,
      nextSettlement: here === undefined ? null : worst.toString(),
      nextSettlementFormatted: here === undefined ? null : coin(worst),
      low: here !== undefined && BigInt(here.balance) < worst,
    };
  });
}

/** What it holds where it can be asked: less elsewhere than where the sales were. */
function holdings(stall: Stall): HoldingView[] {
  return stall.networks.rows
    .filter((row) => waitingFor(stall, row) === null)
    .map(({ network }) => {
      const balance = network === NETWORK ? stall.gas : stall.gas / 40n;
      return {
        network,
        title: networkTitle(network),
        balance: balance.toString(),
        balanceFormatted: coin(balance),
        nativeSymbol: knownNetwork(network)?.coin ?? COIN,
        token: money(0n),
        tokenName: "USDC",
      };
    });
}

function mostToLose(held: readonly HoldingView[], isPayout: boolean): string {
  const sums = held.map(
    ({ balanceFormatted, nativeSymbol, title }) => `${balanceFormatted} ${nativeSymbol} on ${title}`,
  );
  const rest = isPayout
    ? "Buyers pay to this address too, so all of that could be taken as well: choose another payout address."
    : "What buyers pay goes to another address and is out of its reach.";
  return `Whoever gets this key can take ${sums.join(", ") || "what it holds"}. ${rest}`;
}

/** Takes a key over from a file: one that ends in `.json` needs its passphrase. */
export function importKey(stall: Stall, request: WalletImport): WalletView {
  if (request.file.includes("missing")) {
    throw refuse("file", `${request.file}: there is no such file.`);
  }
  const needs = request.file.endsWith(".json");
  if (needs && request.filePassphrase === undefined) {
    throw refuse("invalid_request", "This key file needs its passphrase.");
  }
  if (needs && request.filePassphrase !== PASSPHRASE) {
    throw refuse("invalid_request", "That is not the passphrase of this key file.");
  }
  return takeKey(stall, request);
}

/** Makes a key, or keeps one that was taken over. */
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
  wallet.made += 1;
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
  if (request.file.includes("already")) {
    throw refuse("conflict", `${request.file} is there already.`);
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
