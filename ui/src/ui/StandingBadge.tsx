import { Ban, Hourglass, type LucideIcon, ShieldCheck, User } from "lucide-react";
import { m } from "../i18n/messages";
import { Badge, type Tone } from "./Badge";

interface Look {
  word: () => string;
  icon: LucideIcon;
  tone: Tone;
}

const LOOKS: Record<string, Look> = {
  normal: { word: m.ui_standing_normal, icon: User, tone: "neutral" },
  trusted: { word: m.ui_standing_trusted, icon: ShieldCheck, tone: "settled" },
  instant_only: { word: m.ui_standing_instant_only, icon: Hourglass, tone: "warning" },
  blocked: { word: m.ui_standing_blocked, icon: Ban, tone: "failed" },
};

/** The word for how far a buyer is trusted. */
export function standingWord(standing: string): string {
  return LOOKS[standing]?.word() ?? standing;
}

/** How far a buyer is trusted, in the words used everywhere. */
export function StandingBadge({ standing }: { standing: string }) {
  const look = LOOKS[standing];
  return look === undefined ? (
    <Badge>{standing}</Badge>
  ) : (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word()}
    </Badge>
  );
}
