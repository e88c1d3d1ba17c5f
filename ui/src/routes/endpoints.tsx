import { createFileRoute } from "@tanstack/react-router";
import { z } from "zod";
import { EndpointsPage } from "../features/endpoints/EndpointsPage";
import { SHOWN } from "../features/endpoints/useShelf";

export const Route = createFileRoute("/endpoints")({
  component: EndpointsPage,
  validateSearch: z.object({
    /** Asks for a file to price. It is done once: the page takes it out of the address again. */
    add: z.boolean().optional().catch(undefined),
    /** What names and paths are searched for. */
    q: z.string().optional().catch(undefined),
    /** Only those that are live or paused, or whose file is not what was published. */
    state: z.enum(SHOWN).optional().catch(undefined),
  }),
});
