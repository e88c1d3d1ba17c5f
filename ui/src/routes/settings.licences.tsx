import { createFileRoute } from "@tanstack/react-router";
import { page } from "../page";

export const Route = createFileRoute("/settings/licences")({ component: page("licences") });
