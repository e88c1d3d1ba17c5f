import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { SHOWN } from "../features/endpoints/useShelf";
import { maybe } from "../lib/maybe";
import { page } from "../page";

export const Route = createFileRoute("/endpoints")({
  component: page("endpoints"),
  validateSearch: z.object({
    /** Asks for a file to price. It is done once: the page takes it out of the address again. */
    add: maybe(z.boolean()),
    /** What names and paths are searched for. */
    q: maybe(z.string()),
    /** Only those that are live or paused, or whose file is not what was published. */
    state: maybe(z.enum(SHOWN)),
  }),
});
