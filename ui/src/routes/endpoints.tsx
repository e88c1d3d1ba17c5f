import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { EndpointsPage } from "../features/endpoints/EndpointsPage";

export const Route = createFileRoute("/endpoints")({
  component: EndpointsPage,
  validateSearch: z.object({
    /** Whether the sheet that prices a file is open. */
    add: z.boolean().optional().catch(undefined),
  }),
});
