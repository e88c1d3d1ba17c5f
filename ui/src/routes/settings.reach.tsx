import { createFileRoute } from "@tanstack/react-router";
import { ReachPage } from "../features/settings/reach/ReachPage";

export const Route = createFileRoute("/settings/reach")({ component: ReachPage });
