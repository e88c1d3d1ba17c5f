import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { PaymentsPage } from "../features/payments/PaymentsPage";

export const Route = createFileRoute("/payments")({
  component: PaymentsPage,
  validateSearch: z.object({
    /** States to show, such as `queued`; all when left out. */
    states: z.array(z.string()).optional().catch(undefined),
    /** An endpoint's id. */
    endpoint: z.string().optional().catch(undefined),
    /** A buyer's address. */
    payer: z.string().optional().catch(undefined),
  }),
});
