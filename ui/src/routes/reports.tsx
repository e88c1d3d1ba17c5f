import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { BY, TABS } from "../features/reports/search";
import { maybe } from "../lib/maybe";
import { PERIODS } from "../lib/period";
import { page } from "../page";

export const Route = createFileRoute("/reports")({
  component: page("reports"),
  validateSearch: z.object({
    /** Which days; the last 28 when left out. */
    period: maybe(z.enum(PERIODS)),
    /** The first and the last of one's own days, such as `2026-11-01`. */
    from: maybe(z.string()),
    to: maybe(z.string()),
    /** What the lines are about; days when left out. */
    by: maybe(z.enum(BY)),
    tab: maybe(z.enum(TABS)),
  }),
});
