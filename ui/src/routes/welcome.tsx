import { createFileRoute } from "@tanstack/react-router";
import * as z from "zod/mini";
import { PriceButtons } from "../features/endpoints/PriceButtons";
import { Environments } from "../features/settings/environment/Environments";
import { ReachSummary } from "../features/settings/reach/ReachSummary";
import { STEPS } from "../features/welcome/progress";
import { WelcomePage } from "../features/welcome/WelcomePage";
import { maybe } from "../lib/maybe";

export const Route = createFileRoute("/welcome")({
  component: () => (
    <WelcomePage environment={<Environments />} price={<PriceButtons primary />} reach={<ReachSummary />} />
  ),
  validateSearch: z.object({
    /** The step that is shown; where somebody left off when left out. */
    step: maybe(z.enum(STEPS)),
  }),
});
