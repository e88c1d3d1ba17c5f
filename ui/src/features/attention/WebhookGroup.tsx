import { Link } from "@tanstack/react-router";
import { Webhook } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

/** A webhook is told nothing, although the seller wants it. */
export function WebhookGroup({ item }: { item: AttentionView }) {
  return (
    <Group
      icon={Webhook}
      tone="warning"
      title={m.attention_webhook()}
      advice={<p className="break-words">{item.sentence}</p>}
      actions={
        <Link to="/settings/webhooks" className={buttonLook({ size: "sm" })}>
          {m.attention_webhook_open()}
        </Link>
      }
    />
  );
}
