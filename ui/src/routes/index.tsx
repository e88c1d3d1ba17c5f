import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { HomePage } from "../features/home/HomePage";
import { RANGES } from "../features/home/ranges";

export const Route = createFileRoute("/")({
  component: HomePage,
  validateSearch: z.object({
    /** For which days the figures are. */
    range: z.literal(RANGES).optional().catch(undefined),
    /** Days that were named, both included. */
    from: z.iso.date().optional().catch(undefined),
    to: z.iso.date().optional().catch(undefined),
    /** Whether the chart shows the time before as well. */
    compare: z.boolean().optional().catch(undefined),
  }),
});
