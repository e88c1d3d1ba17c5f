import type { BackupLook } from "../../api/generated/BackupLook";
import type { BackupMade } from "../../api/generated/BackupMade";
import type { BackupMake } from "../../api/generated/BackupMake";
import type { BackupPlan } from "../../api/generated/BackupPlan";
import type { BackupRestore } from "../../api/generated/BackupRestore";
import type { BackupState } from "../../api/generated/BackupState";
import type { BackupView } from "../../api/generated/BackupView";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const WORD = "restore";
const SHORTEST = 8;

/** The only passphrase that opens what this stall did not make itself. */
const OPENS = "correct horse";

/** The backups that were made, what is planned, and what waits. */
export class Backups {
  readonly made = new Map<string, { passphrase: string; backup: BackupView }>();
  state: BackupState = {
    every: null,
    folder: null,
    keep: null,
    madeAt: null,
    problem: null,
    waiting: null,
    restoreWord: WORD,
  };
}

function passphraseOf({ passphrase }: { passphrase?: string }): string {
  if (passphrase === undefined || passphrase.length < SHORTEST) {
    throw refuse("invalid_request", `A passphrase has at least ${SHORTEST} characters.`);
  }
  return passphrase;
}

function held(stall: Stall): BackupView {
  const { shelf, book, environment } = stall;
  const counts = {
    endpoints: shelf.endpoints.filter(({ state }) => state !== "removed").length,
    payments: book.payments.length,
    open: book.queued().length,
    payout: stall.payTo === null ? [] : [stall.payTo],
  };
  const one = { environment, held: counts, here: counts, gasWallet: null, payoutWarning: null };
  return { madeAt: stall.clock.now(), version: "0.1.0", environments: [one] };
}

export function makeBackup(stall: Stall, request: BackupMake): BackupMade {
  const { made } = stall.backups;
  const passphrase = passphraseOf(request);
  if (made.has(request.path) && request.replace !== true) {
    throw refuse("conflict", `${request.path} is there already.`);
  }
  const backup = held(stall);
  made.set(request.path, { passphrase, backup });
  return { path: request.path, bytes: 482_304, backup, leftOut: [] };
}

export function lookIntoBackup(stall: Stall, request: BackupLook): BackupView {
  const found = stall.backups.made.get(request.path);
  if (request.passphrase !== (found?.passphrase ?? OPENS)) {
    throw refuse("invalid_request", "That is not the passphrase of this backup.");
  }
  return found?.backup ?? held(stall);
}

export function restoreBackup(stall: Stall, request: BackupRestore): BackupState {
  if (request.word.trim() !== WORD) {
    throw refuse("invalid_request", `Type ${WORD} to put this backup in the place of what is here.`);
  }
  return become(stall, { waiting: lookIntoBackup(stall, request) });
}

export function forgetBackup(stall: Stall): BackupState {
  return become(stall, { waiting: null });
}

export function planBackups(stall: Stall, request: BackupPlan): BackupState {
  const { every, folder, keep = 7 } = request;
  if (every === undefined) {
    return become(stall, { every: null, folder: null, keep: null, problem: null });
  }
  if (folder === undefined) {
    throw refuse("invalid_request", "Say which folder the backups are put in.");
  }
  if (stall.backups.state.every === null || request.passphrase !== undefined) {
    passphraseOf(request);
  }
  return become(stall, { every, folder, keep, problem: null, madeAt: stall.clock.now() });
}

function become(stall: Stall, change: Partial<BackupState>): BackupState {
  stall.backups.state = { ...stall.backups.state, ...change };
  stall.events.changed("settings");
  return stall.backups.state;
}
