import { createFileRoute } from "@tanstack/react-router";
import { NetworksPage } from "../features/settings/networks/NetworksPage";

export const Route = createFileRoute("/settings/networks")({ component: NetworksPage });
