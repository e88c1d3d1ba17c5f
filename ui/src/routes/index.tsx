import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { HomePage } from "../features/home/HomePage";
import { RANGES } from "../features/home/ranges";

export const Route = createFileRoute("/")({
  component: HomePage,
  validateSearch: z.object({
    /** How many days the chart shows. */
    days: z.literal(RANGES).optional().catch(undefined),
  }),
});
