import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { STEPS } from "../features/welcome/progress";
import { maybe } from "../lib/maybe";
import { page } from "../page";

export const Route = createFileRoute("/welcome")({
  component: page("welcome"),
  validateSearch: z.object({
    /** The step that is shown; where somebody left off when left out. */
    step: maybe(z.enum(STEPS)),
  }),
});
