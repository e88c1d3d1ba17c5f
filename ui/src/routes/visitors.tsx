import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { RANGES, SHOWN } from "../features/visitors/search";
import { VisitorsPage } from "../features/visitors/VisitorsPage";

export const Route = createFileRoute("/visitors")({
  component: VisitorsPage,
  validateSearch: z.object({
    /** What is shown; how far visits came when left out. */
    show: z.enum(SHOWN).optional().catch(undefined),
    /** How many days; 28 when left out. */
    days: z
      .literal([...RANGES])
      .optional()
      .catch(undefined),
    /** An endpoint's id; all of them when left out. */
    endpoint: z.string().optional().catch(undefined),
  }),
});
