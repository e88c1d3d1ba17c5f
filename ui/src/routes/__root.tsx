import { createRootRoute, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import * as z from "zod/mini";
import { CrashOffer } from "../features/desk/CrashOffer";
import { Desk } from "../features/desk/Desk";
import { PriceFiles } from "../features/endpoints/PriceFiles";
import { WHAT } from "../features/exports/search";
import { FollowUps } from "../features/failures/FollowUps";
import { BatchEnds } from "../features/settlements/BatchEnds";
import { Shell } from "../features/shell/Shell";
import { FirstStart } from "../features/welcome/FirstStart";
import { maybe } from "../lib/maybe";
import { Dialogs, FollowUp, PriceSheet } from "../page";
import { OnceDrawn } from "../ui/OnceDrawn";

export const Route = createRootRoute({
  component: () => (
    <Shell
      banner={
        <>
          <CrashOffer />
          <Desk />
        </>
      }
    >
      <PriceFiles sheet={PriceSheet}>
        <FollowUps followUp={FollowUp}>
          <Outlet />
        </FollowUps>
      </PriceFiles>
      <OnceDrawn>
        <Suspense>
          <Dialogs />
        </Suspense>
      </OnceDrawn>
      <BatchEnds />
      <FirstStart />
    </Shell>
  ),
  validateSearch: z.object({
    /** Whether the dialog that settles is open, over any page. Opening it settles nothing. */
    settle: maybe(z.boolean()),
    /** What the dialog that exports begins with, over any page. Opening it writes nothing. */
    export: maybe(z.enum(WHAT)),
    /** The address of the buyer whom the dialog that blocks asks about, over any page. Opening it blocks nobody. */
    block: maybe(z.string().check(z.regex(/^0x[0-9a-f]{40}$/i))),
  }),
});
