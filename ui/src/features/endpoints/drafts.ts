import type { ServiceDraft } from "./service";
import type { TextFormat } from "./text";

/** What was typed about something that is not priced yet. */
export interface Draft {
  title: string;
  description: string;
  listed: boolean;
  /** The link's end as it was typed; null while it is the one that is suggested. */
  link: string | null;
  price: string;
  mode: Mode;
  ownedFor: OwnedFor;
  /** How a folder is sold. */
  soldAs: SoldAs;
  /** A picture's file. */
  cover: string | null;
  /** A text, and what it is unless that can be seen. */
  body: string;
  format: TextFormat | null;
  service: ServiceDraft;
}

export type SoldAs = "files" | "archive";

export type Mode = "batched" | "instant";

/** How long buyers own it, as the app writes it. */
export const OWNED_FOR = ["30d", "7d", "1d", "365d", "0"] as const;
export type OwnedFor = (typeof OWNED_FOR)[number];

const KEY = "stallkeeper-drafts";

/** Drafts by the file they are about, for as long as the window's session lasts. */
export function readDrafts(): Record<string, Draft> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, Draft>;
  } catch {
    // Something else wrote there: typing again does no harm.
    return {};
  }
}

/** Keeps the draft of a file. */
export function keepDraft(file: string, draft: Draft): void {
  write({ ...readDrafts(), [file]: draft });
}

/** Forgets the drafts of files. */
export function dropDrafts(files: readonly string[]): void {
  write(Object.fromEntries(Object.entries(readDrafts()).filter(([file]) => !files.includes(file))));
}

function write(drafts: Record<string, Draft>): void {
  sessionStorage.setItem(KEY, JSON.stringify(drafts));
}
