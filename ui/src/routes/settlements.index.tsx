import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { SettlementsPage } from "../features/settlements/SettlementsPage";
import { maybe } from "../lib/maybe";

export const Route = createFileRoute("/settlements/")({
  component: Open,
  validateSearch: z.object({
    /** The number of the batch whose row gets the focus, such as the one that was open before. */
    at: maybe(z.int()),
  }),
});

function Open() {
  return <SettlementsPage at={Route.useSearch().at} />;
}
