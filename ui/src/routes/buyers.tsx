import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { BuyersPage } from "../features/buyers/BuyersPage";
import { SHOWN } from "../features/buyers/choice";
import { maybe } from "../lib/maybe";

export const Route = createFileRoute("/buyers")({
  component: BuyersPage,
  validateSearch: z.object({
    /** Which buyers, in which order; the newest first when left out. */
    show: maybe(z.enum(SHOWN)),
  }),
});
