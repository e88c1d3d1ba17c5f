import { CircleCheck, Clock, type LucideIcon, OctagonX } from "lucide-react";
import { m } from "../i18n/messages";
import { Badge, type Tone } from "./Badge";

/** What came of a message to a webhook. */
export function MessageBadge({ state }: { state: string }) {
  const { word, icon, tone } = lookOf(state);
  return (
    <Badge tone={tone} icon={icon}>
      {word()}
    </Badge>
  );
}

function lookOf(state: string): { word: () => string; icon: LucideIcon; tone: Tone } {
  switch (state) {
    case "delivered":
      return { word: m.webhooks_delivered, icon: CircleCheck, tone: "settled" };
    case "dead":
      return { word: m.webhooks_dead, icon: OctagonX, tone: "failed" };
    default:
      return { word: m.webhooks_waiting, icon: Clock, tone: "pending" };
  }
}
