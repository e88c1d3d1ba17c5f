import { createRootRoute, Outlet } from "@tanstack/react-router";
import { z } from "zod";
import { PriceFiles } from "../features/endpoints/PriceFiles";
import { FollowUps } from "../features/failures/FollowUps";
import { BatchEnds } from "../features/settlements/BatchEnds";
import { SettleDialog } from "../features/settlements/SettleDialog";
import { Shell } from "../features/shell/Shell";

export const Route = createRootRoute({
  component: () => (
    <Shell>
      <PriceFiles>
        <FollowUps>
          <Outlet />
        </FollowUps>
      </PriceFiles>
      <SettleDialog />
      <BatchEnds />
    </Shell>
  ),
  validateSearch: z.object({
    /** Whether the dialog that settles is open, over any page. Opening it settles nothing. */
    settle: z.boolean().optional().catch(undefined),
  }),
});
