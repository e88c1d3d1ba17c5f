import { createFileRoute } from "@tanstack/react-router";
import { SettlementsPage } from "../features/settlements/SettlementsPage";

export const Route = createFileRoute("/settlements/")({ component: SettlementsPage });
