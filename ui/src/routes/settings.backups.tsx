import { createFileRoute } from "@tanstack/react-router";
import { BackupsPage } from "../features/settings/backups/BackupsPage";

export const Route = createFileRoute("/settings/backups")({ component: BackupsPage });
