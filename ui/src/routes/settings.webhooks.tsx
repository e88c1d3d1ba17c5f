import { createFileRoute } from "@tanstack/react-router";
import { WebhooksPage } from "../features/settings/webhooks/WebhooksPage";

export const Route = createFileRoute("/settings/webhooks")({ component: WebhooksPage });
