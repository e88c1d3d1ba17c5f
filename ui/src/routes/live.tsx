import { createFileRoute } from "@tanstack/react-router";
import { Copying } from "../features/endpoints/Copying";
import { LivePage } from "../features/settings/live/LivePage";

export const Route = createFileRoute("/live")({ component: () => <LivePage copying={<Copying />} /> });
