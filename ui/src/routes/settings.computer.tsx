import { createFileRoute } from "@tanstack/react-router";
import { ComputerPage } from "../features/settings/computer/ComputerPage";

export const Route = createFileRoute("/settings/computer")({ component: ComputerPage });
