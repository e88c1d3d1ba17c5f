import {
  CircleCheck,
  CircleSlash,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
} from "lucide-react";
import { m } from "../../i18n/messages";
import { Badge, type Tone } from "../../ui/Badge";

interface Look {
  word: () => string;
  icon: LucideIcon;
  tone: Tone;
}

const LOOKS: Record<string, Look> = {
  preparing: { word: m.settlements_state_preparing, icon: LoaderCircle, tone: "pending" },
  submitted: { word: m.settlements_state_submitted, icon: LoaderCircle, tone: "pending" },
  settled: { word: m.settlements_state_settled, icon: CircleCheck, tone: "settled" },
  final: { word: m.settlements_state_settled, icon: CircleCheck, tone: "settled" },
  partly_settled: { word: m.settlements_state_partly_settled, icon: TriangleAlert, tone: "warning" },
  failed: { word: m.settlements_state_failed, icon: OctagonX, tone: "failed" },
  dissolved: { word: m.settlements_state_dissolved, icon: CircleSlash, tone: "neutral" },
};

/** Where a batch stands. Whether that is final is told beside it, where there is room. */
export function BatchBadge({ state }: { state: string }) {
  const look = LOOKS[state];
  if (look === undefined) {
    return <Badge>{state}</Badge>;
  }
  return (
    <Badge tone={look.tone} icon={look.icon} spinning={look.icon === LoaderCircle}>
      {look.word()}
    </Badge>
  );
}
