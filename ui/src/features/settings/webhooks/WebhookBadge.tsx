import { CircleCheck, CircleOff, KeyRound, type LucideIcon, OctagonX, RotateCw } from "lucide-react";
import type { WebhookState } from "../../../api/generated/WebhookState";
import { m } from "../../../i18n/messages";
import { Badge, type Tone } from "../../../ui/Badge";

const LOOKS: Record<WebhookState, { word: () => string; icon: LucideIcon; tone: Tone }> = {
  on: { word: m.webhooks_on, icon: CircleCheck, tone: "settled" },
  failing: { word: m.webhooks_failing, icon: RotateCw, tone: "warning" },
  off: { word: m.webhooks_off, icon: CircleOff, tone: "neutral" },
  given_up: { word: m.webhooks_given_up, icon: OctagonX, tone: "failed" },
  gone: { word: m.webhooks_gone, icon: OctagonX, tone: "failed" },
  secret_missing: { word: m.webhooks_secret_missing, icon: KeyRound, tone: "failed" },
};

/** How a webhook stands, in a word. */
export function WebhookBadge({ state }: { state: WebhookState }) {
  const { word, icon, tone } = LOOKS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word()}
    </Badge>
  );
}
