import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { maybe } from "../lib/maybe";
import { page } from "../page";

export const Route = createFileRoute("/settlements/")({
  component: page("settlements"),
  validateSearch: z.object({
    /** The number of the batch whose row gets the focus, such as the one that was open before. */
    at: maybe(z.int()),
  }),
});
