import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { UNDELIVERED } from "../features/payments/filter";
import { maybe } from "../lib/maybe";
import { PERIODS } from "../lib/period";
import { page } from "../page";

const text = maybe(z.string().check(z.minLength(1)));
const amount = maybe(z.string().check(z.regex(/^\d+(\.\d+)?$/)));

export const Route = createFileRoute("/payments")({
  component: page("payments"),
  validateSearch: z.object({
    /** States to show, such as `queued`; all when left out. */
    states: maybe(z.array(z.string())),
    /** An endpoint's id. */
    endpoint: text,
    /** A buyer's address. */
    payer: text,
    /** Only those that are owed and have not arrived: broken off, or not begun. */
    delivery: maybe(z.enum(UNDELIVERED)),
    /** In CAIP-2. */
    network: text,
    /** The days of acceptance; `from` and `to` where they are one's own. */
    period: maybe(z.enum(PERIODS)),
    from: text,
    to: text,
    /** Between which amounts. */
    least: amount,
    most: amount,
    /** What is looked for. */
    q: text,
  }),
});
