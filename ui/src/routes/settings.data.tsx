import { createFileRoute } from "@tanstack/react-router";
import { DataPage } from "../features/settings/data/DataPage";

export const Route = createFileRoute("/settings/data")({ component: DataPage });
