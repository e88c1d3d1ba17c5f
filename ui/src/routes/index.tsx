import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { HomePage } from "../features/home/HomePage";
import { RANGES } from "../features/home/ranges";
import { maybe } from "../lib/maybe";
import { PurchaseDialog } from "../page";

export const Route = createFileRoute("/")({
  component: () => <HomePage purchase={PurchaseDialog} />,
  validateSearch: z.object({
    /** For which days the figures are. */
    range: maybe(z.literal(RANGES)),
    /** Days that were named, both included. */
    from: maybe(z.iso.date()),
    to: maybe(z.iso.date()),
    /** Whether the chart shows the time before as well. */
    compare: maybe(z.boolean()),
  }),
});
