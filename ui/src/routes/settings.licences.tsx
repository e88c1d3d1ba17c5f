import { createFileRoute } from "@tanstack/react-router";
import { LicencesPage } from "../features/settings/licences/LicencesPage";

export const Route = createFileRoute("/settings/licences")({ component: LicencesPage });
