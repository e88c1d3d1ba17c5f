import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { duration } from "../../lib/time";
import type { OwnedFor } from "./drafts";

/** How much of a name a sentence carries. */
const LONGEST_NAME = 60;

const SECONDS: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** A name inside a sentence: cut when it is long, and unable to turn the writing around it. */
export function named(name: string): string {
  const letters = [...name];
  const short = letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME).join("")}…` : name;
  return `\u2068${short}\u2069`;
}

/** How long buyers own it, in words; the app writes `30d`, `12h` or `0`. */
export function ownedWords(ownedFor: string): string {
  const [, count = "", unit = ""] = /^(\d+)([dhms])$/.exec(ownedFor) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  if (seconds === 0) {
    return m.endpoints_charged();
  }
  if (ownedFor === "365d") {
    return m.endpoints_year();
  }
  return seconds % 86_400 === 0 ? m.endpoints_days({ count: seconds / 86_400 }) : duration(seconds * 1000);
}

/** The same as something to choose. */
export function ownedChoice(ownedFor: OwnedFor): string {
  return ownedFor === "0" ? m.endpoints_owned_0() : ownedWords(ownedFor);
}

/** A mode as one word. */
export function modeWord(mode: EndpointView["mode"]): string {
  return mode === "instant" ? m.endpoints_instant() : m.endpoints_batched();
}

/** How a file, or those of a folder, stand compared with what was priced. */
export function fileWord(state: EndpointView["fileState"]): string {
  switch (state) {
    case "ok":
      return m.endpoints_file_ok();
    case "missing":
      return m.endpoints_missing();
    case "changed":
      return m.endpoints_changed();
    case null:
      return m.endpoints_file_unknown();
  }
}
