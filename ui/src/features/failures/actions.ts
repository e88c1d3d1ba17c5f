import {
  Archive,
  ArchiveRestore,
  Ban,
  FileSearch,
  Fuel,
  Gauge,
  Handshake,
  type LucideIcon,
  RotateCw,
  Unplug,
} from "lucide-react";
import type { FailureAction } from "../../api/generated/FailureAction";
import type { FailureView } from "../../api/generated/FailureView";
import { m } from "../../i18n/messages";

interface Look {
  /** On a button of its own, or in a menu. */
  word: () => string;
  icon: LucideIcon;
  danger?: boolean;
}

/** How each thing that the app offers is written. A new one does not compile until it stands here. */
export const LOOKS: Record<FailureAction, Look> = {
  retry_now: { word: m.failures_retry, icon: RotateCw },
  send_through_facilitator: { word: m.failures_facilitator, icon: Handshake },
  raise_ceiling: { word: m.failures_ceiling, icon: Gauge },
  top_up: { word: m.failures_top_up, icon: Fuel },
  check_node: { word: m.failures_node, icon: Unplug },
  mark_settled_elsewhere: { word: m.failures_elsewhere, icon: FileSearch },
  block_payer: { word: m.failures_block, icon: Ban },
  write_off: { word: m.failures_write_off, icon: Archive, danger: true },
  reopen: { word: m.failures_reopen, icon: ArchiveRestore },
};

/** The words for it: what only waits has not been tried yet. */
export function wordFor(action: FailureAction, { state }: FailureView): string {
  return action === "retry_now" && state === "queued" ? m.failures_settle() : LOOKS[action].word();
}
