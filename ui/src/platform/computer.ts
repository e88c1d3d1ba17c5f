import type { QuitPreviewView } from "../api/generated/QuitPreviewView";

/** When this computer is kept from falling asleep. */
type KeepAwake = "never" | "delivering" | "selling";

/** How the program behaves on this computer. */
export interface Computer {
  closeToTray: boolean;
  /** Whether there is a tray: without one, closing the window quits. */
  tray: boolean;
  /** Whether a newer version is looked for each day. */
  lookDaily: boolean;
  keepAwake: KeepAwake;
  /** Whether it is kept awake now, and why it cannot be. */
  awake: { held: boolean; problem: string | null };
  /** Null where the system does not say. */
  startAtLogin: boolean | null;
  /** Whether it can be: not where this start was given a folder or an environment. */
  startAtLoginPossible: boolean;
  version: string;
  /** Whether this build knows where new versions are published. */
  updates: boolean;
  /** The newer version that was found, at the seller's word or by the daily look. */
  found: FoundUpdate | null;
}

/** What is to be another way; the rest stays. */
export type ComputerChange = Partial<
  Pick<Computer, "closeToTray" | "lookDaily" | "keepAwake"> & { startAtLogin: boolean }
>;

/** Where the program sends its page. */
export type Place =
  | { page: "home" | "settle" | "attention" | "payments" | "backups" | "computer" }
  | { page: "payment"; payment: string };

/** Something that is told in the window for a moment. */
export interface Notice {
  /** Good news, or bad. */
  isGood: boolean;
  title: string;
  text: string;
  /** Where more is said. */
  place: Place;
}

/** What the program wants of its page. */
export interface Wanted {
  /** Told once: whoever asks goes there. */
  place: Place | null;
  /** Told once, the newest last. */
  notices: readonly Notice[];
  /** What is at stake; null while nobody wants to quit. */
  quit: QuitPreviewView | null;
}

/** What was written down when the program failed. */
export interface CrashReport {
  name: string;
  /** Unix milliseconds. */
  at: number;
  text: string;
}

/** A newer version. */
export interface FoundUpdate {
  version: string;
  /** What changed, as its makers wrote it. */
  notes: string | null;
}

/** What the tray and notifications say, with what is filled in named in braces. */
export interface TrayWords {
  amount: string;
  point: string;
  starting: string;
  selling: string;
  paused: string;
  offline: string;
  line: string;
  open: string;
  pause: string;
  pausedUntil: string;
  copy: string;
  visit: string;
  settle: string;
  settleNothing: string;
  attention: string;
  attentionNone: string;
  show: string;
  settings: string;
  quit: string;
  soldOne: string;
  soldMany: string;
  soldFor: string;
  failed: string;
  gas: string;
  unreached: string;
  unsaved: string;
  update: string;
  updateText: string;
  inTray: string;
  inTrayText: string;
}

/** What the program does besides showing this page. Whatever is asked for here rejects with `{ code, message }`. */
export interface Desk {
  /** Hears that something of the program's own is not what it was; returns how to stop hearing it. */
  listenToProgram(hear: () => void): Promise<() => void>;
  wants(): Promise<Wanted>;
  /** Nobody wants to quit any more. */
  stay(): Promise<void>;
  quit(): Promise<void>;
  /** Closes the window, as its frame does: the stall goes on where a tray can bring the window back. */
  close(): Promise<void>;
  /** Quits, unless there is money at stake: then it is asked first. */
  askToQuit(): Promise<void>;
  speak(words: TrayWords): Promise<void>;
  computer(): Promise<Computer>;
  setComputer(change: ComputerChange): Promise<Computer>;
  /** The newest first. */
  crashes(): Promise<CrashReport[]>;
  /** Copies a report to where the person said that it goes. */
  saveCrash(name: string, path: string): Promise<void>;
  deleteCrash(name: string): Promise<void>;
  /** Null when this is the newest version. */
  lookForUpdate(): Promise<FoundUpdate | null>;
  /** Fetches the version that was found, puts it in place and starts it. */
  installUpdate(): Promise<void>;
  /** Another environment (practice, test, live) takes the place of this one, now and at the next start. */
  switchTo(environment: string): Promise<void>;
}
