import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { ExportChosen } from "../features/exports/ExportChosen";
import { SettleChosen } from "../features/failures/SettleChosen";
import { WriteOffChosen } from "../features/failures/WriteOffChosen";
import { UNDELIVERED } from "../features/payments/filter";
import { PaymentsPage } from "../features/payments/PaymentsPage";
import { PERIODS } from "../lib/period";

const text = z.string().min(1).optional().catch(undefined);
const amount = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .optional()
  .catch(undefined);

export const Route = createFileRoute("/payments")({
  component: () => (
    <PaymentsPage
      bulk={(payments, onDone) => (
        <>
          <SettleChosen payments={payments} onDone={onDone} />
          <WriteOffChosen payments={payments} onDone={onDone} />
          <ExportChosen payments={payments.map(({ id }) => id)} onDone={onDone} />
        </>
      )}
    />
  ),
  validateSearch: z.object({
    /** States to show, such as `queued`; all when left out. */
    states: z.array(z.string()).optional().catch(undefined),
    /** An endpoint's id. */
    endpoint: text,
    /** A buyer's address. */
    payer: text,
    /** Only those that are owed and have not arrived: broken off, or not begun. */
    delivery: z.enum(UNDELIVERED).optional().catch(undefined),
    /** In CAIP-2. */
    network: text,
    /** The days of acceptance; `from` and `to` where they are one's own. */
    period: z.enum(PERIODS).optional().catch(undefined),
    from: text,
    to: text,
    /** Between which amounts. */
    least: amount,
    most: amount,
    /** What is looked for. */
    q: text,
  }),
});
