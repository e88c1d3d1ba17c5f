import { CircleCheck, CircleDashed, CircleOff, GlobeOff, type LucideIcon } from "lucide-react";
import type { ReachState } from "../../../api/generated/ReachState";
import { m } from "../../../i18n/messages";
import { Badge, type Tone } from "../../../ui/Badge";

const LOOKS: Record<ReachState, { word: () => string; icon: LucideIcon; tone: Tone }> = {
  off: { word: m.reach_off, icon: CircleOff, tone: "neutral" },
  starting: { word: m.reach_starting, icon: CircleDashed, tone: "pending" },
  online: { word: m.reach_online, icon: CircleCheck, tone: "settled" },
  unreached: { word: m.reach_unreached, icon: GlobeOff, tone: "failed" },
  failing: { word: m.reach_failing, icon: GlobeOff, tone: "failed" },
};

/** How the way to the stall stands, in a word. */
export function ReachBadge({ state }: { state: ReachState }) {
  const { word, icon, tone } = LOOKS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word()}
    </Badge>
  );
}
