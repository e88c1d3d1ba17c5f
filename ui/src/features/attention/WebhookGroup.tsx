import { Webhook } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { m } from "../../i18n/paraglide/messages";
import { Group } from "./Group";

/** A webhook is told nothing, although the seller wants it. */
export function WebhookGroup({ item }: { item: AttentionView }) {
  return (
    <Group
      icon={Webhook}
      tone="warning"
      title={m.attention_webhook()}
      advice={<p className="break-words">{item.sentence}</p>}
    />
  );
}
