import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { SettlementsPage } from "../features/settlements/SettlementsPage";

export const Route = createFileRoute("/settlements/")({
  component: SettlementsPage,
  validateSearch: z.object({
    /** Whether the dialog that settles is open. Opening it settles nothing. */
    settle: z.boolean().optional().catch(undefined),
  }),
});
