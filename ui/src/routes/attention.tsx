import { createFileRoute } from "@tanstack/react-router";
import { AttentionPage } from "../features/attention/AttentionPage";

export const Route = createFileRoute("/attention")({ component: AttentionPage });
