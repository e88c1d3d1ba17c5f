import type { WebhookMessageView } from "../../../api/generated/WebhookMessageView";
import { m } from "../../../i18n/messages";

/** What an event tells of; one that this window does not know is told by its own word alone. */
export function eventText(event: string): string | null {
  switch (event) {
    case "payment.accepted":
      return m.webhooks_payment_accepted();
    case "payment.settled":
      return m.webhooks_payment_settled();
    case "payment.failed":
      return m.webhooks_payment_failed();
    case "payment.expired":
      return m.webhooks_payment_expired();
    case "batch.settled":
      return m.webhooks_batch_settled();
    case "stall.online":
      return m.webhooks_stall_online();
    case "stall.offline":
      return m.webhooks_stall_offline();
    case "endpoint.changed":
      return m.webhooks_endpoint_changed();
    default:
      return null;
  }
}

/** JSON as people read it; anything else as it is. */
export function readable({ body }: Pick<WebhookMessageView, "body">): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
