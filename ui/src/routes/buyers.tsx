import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { BuyersPage } from "../features/buyers/BuyersPage";
import { SHOWN } from "../features/buyers/choice";

export const Route = createFileRoute("/buyers")({
  component: BuyersPage,
  validateSearch: z.object({
    /** Which buyers, in which order; the newest first when left out. */
    show: z.enum(SHOWN).optional().catch(undefined),
  }),
});
