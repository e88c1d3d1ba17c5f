import {
  Archive,
  Ban,
  CircleCheck,
  CircleSlash,
  Clock,
  ClockAlert,
  CornerUpRight,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  TimerOff,
} from "lucide-react";
import { memo } from "react";
import { m } from "../i18n/messages";
import { Badge, type Tone } from "./Badge";
import { useNow } from "./now";
import { Tooltip } from "./Tooltip";

/** How close the end of an authorization must be to be told. */
const SOON = 15 * 60_000;

interface Look {
  word: () => string;
  icon: LucideIcon;
  tone: Tone;
}

const LOOKS: Record<string, Look> = {
  queued: { word: m.ui_state_queued, icon: Clock, tone: "pending" },
  expiring: { word: m.ui_state_expiring, icon: ClockAlert, tone: "warning" },
  settling: { word: m.ui_state_settling, icon: LoaderCircle, tone: "pending" },
  settled: { word: m.ui_state_settled, icon: CircleCheck, tone: "settled" },
  settled_elsewhere: { word: m.ui_state_settled, icon: CircleCheck, tone: "settled" },
  failed: { word: m.ui_state_failed, icon: OctagonX, tone: "failed" },
  expired: { word: m.ui_state_expired, icon: TimerOff, tone: "neutral" },
  cancelled: { word: m.ui_state_cancelled, icon: Ban, tone: "failed" },
  diverted: { word: m.ui_state_diverted, icon: CornerUpRight, tone: "failed" },
  written_off: { word: m.ui_state_written_off, icon: Archive, tone: "neutral" },
  voided: { word: m.ui_state_voided, icon: CircleSlash, tone: "neutral" },
};

/** The word for a payment's state. */
export function stateWord(state: string): string {
  return LOOKS[state]?.word() ?? state;
}

interface Props {
  /** A payment's state. */
  state: string;
  /** When a queued payment's authorization ends, in Unix milliseconds (a view's `validBefore` is in seconds). */
  expiresAt?: number | null | undefined;
}

/** Where a payment stands, in the words used everywhere. */
export const StateBadge = memo(function StateBadge({ state, expiresAt = null }: Props) {
  const now = useNow();
  const shown = state === "queued" && expiresAt !== null && expiresAt - now < SOON ? "expiring" : state;
  const look = LOOKS[shown];
  if (look === undefined) {
    return <Badge>{state}</Badge>;
  }
  const badge = (
    <Badge tone={look.tone} icon={look.icon} spinning={shown === "settling"}>
      {look.word()}
    </Badge>
  );
  if (state !== "settled_elsewhere") {
    return badge;
  }
  return (
    <Tooltip label={m.ui_state_settled_elsewhere_hint()}>
      <button type="button" className="inline-flex rounded-full">
        {badge}
      </button>
    </Tooltip>
  );
});
