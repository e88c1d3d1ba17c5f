import { CircleCheck, CirclePause, CircleSlash, FileWarning, FileX, type LucideIcon } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { Badge, type Tone } from "../../ui/Badge";
import { Notice } from "./Notice";

interface Look {
  word: () => string;
  /** What it means and what to do, when it is not simply on sale. */
  text: (() => string) | null;
  /** The same of a folder, where that is something else. */
  folderText?: () => string;
  icon: LucideIcon;
  tone: Tone;
}

const ON_SALE: Look = { word: m.endpoints_on_sale, text: null, icon: CircleCheck, tone: "settled" };
const PAUSED: Look = {
  word: m.endpoints_paused,
  text: m.endpoints_paused_text,
  icon: CirclePause,
  tone: "neutral",
};
const REMOVED: Look = {
  word: m.endpoints_removed,
  text: m.endpoints_removed_text,
  icon: CircleSlash,
  tone: "neutral",
};
const MISSING: Look = {
  word: m.endpoints_missing,
  text: m.endpoints_missing_text,
  folderText: m.endpoints_missing_folder_text,
  icon: FileX,
  tone: "failed",
};
const CHANGED: Look = {
  word: m.endpoints_changed,
  text: m.endpoints_changed_text,
  folderText: m.endpoints_changed_folder_text,
  icon: FileWarning,
  tone: "warning",
};

/** What matters most about it: a file that is gone cannot be sold, whatever the seller chose. */
function lookOf({ state, fileState }: EndpointView): Look {
  if (state === "removed") {
    return REMOVED;
  }
  if (fileState === "missing") {
    return MISSING;
  }
  if (fileState === "changed") {
    return CHANGED;
  }
  return state === "paused" ? PAUSED : ON_SALE;
}

/** How an endpoint stands, in one word. */
export function EndpointState({ endpoint }: { endpoint: EndpointView }) {
  const { word, icon, tone } = lookOf(endpoint);
  return (
    <Badge tone={tone} icon={icon}>
      {word()}
    </Badge>
  );
}

/** What that means and what to do about it, when there is something to say. */
export function StateNotice({ endpoint }: { endpoint: EndpointView }) {
  const look = lookOf(endpoint);
  const { tone } = look;
  const text = endpoint.content.kind === "folder" ? (look.folderText ?? look.text) : look.text;
  return text === null ? null : (
    <Notice tone={tone === "failed" || tone === "warning" ? tone : "neutral"}>{text()}</Notice>
  );
}
