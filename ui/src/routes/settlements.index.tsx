import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { SettlementsPage } from "../features/settlements/SettlementsPage";

export const Route = createFileRoute("/settlements/")({
  component: Open,
  validateSearch: z.object({
    /** The number of the batch whose row gets the focus, such as the one that was open before. */
    at: z.number().int().optional().catch(undefined),
  }),
});

function Open() {
  return <SettlementsPage at={Route.useSearch().at} />;
}
