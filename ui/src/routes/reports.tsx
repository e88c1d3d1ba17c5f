import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { ReportsPage } from "../features/reports/ReportsPage";
import { BY, TABS } from "../features/reports/search";
import { PERIODS } from "../lib/period";

export const Route = createFileRoute("/reports")({
  component: ReportsPage,
  validateSearch: z.object({
    /** Which days; the last 28 when left out. */
    period: z.enum(PERIODS).optional().catch(undefined),
    /** The first and the last of one's own days, such as `2026-11-01`. */
    from: z.string().optional().catch(undefined),
    to: z.string().optional().catch(undefined),
    /** What the lines are about; days when left out. */
    by: z.enum(BY).optional().catch(undefined),
    tab: z.enum(TABS).optional().catch(undefined),
  }),
});
