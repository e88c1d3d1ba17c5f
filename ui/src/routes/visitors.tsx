import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { RANGES, SHOWN } from "../features/visitors/search";
import { maybe } from "../lib/maybe";
import { page } from "../page";

export const Route = createFileRoute("/visitors")({
  component: page("visitors"),
  validateSearch: z.object({
    /** What is shown; how far visits came when left out. */
    show: maybe(z.enum(SHOWN)),
    /** How many days; 28 when left out. */
    days: maybe(z.literal([...RANGES])),
    /** An endpoint's id; all of them when left out. */
    endpoint: maybe(z.string()),
  }),
});
