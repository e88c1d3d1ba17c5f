import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { SHOWN } from "../features/buyers/choice";
import { maybe } from "../lib/maybe";
import { page } from "../page";

export const Route = createFileRoute("/buyers")({
  component: page("buyers"),
  validateSearch: z.object({
    /** Which buyers, in which order; the newest first when left out. */
    show: maybe(z.enum(SHOWN)),
  }),
});
