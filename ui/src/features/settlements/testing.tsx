import { useQuery } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
  useParams,
} from "@tanstack/react-router";
import { configure, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { usePlatform } from "../../api/platform-context";
import { recentBatchesQuery } from "../../api/queries";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { usePreferences } from "../../ui/preferences";
import { SurroundingsProvider } from "../../ui/surroundings";
import { Toaster } from "../../ui/Toaster";
import { BatchEnds } from "./BatchEnds";
import { BatchPage } from "./BatchPage";
import { SettleDialog } from "./SettleDialog";
import { SettlementsPage } from "./SettlementsPage";

// The machine that runs the tests may be busy with other things.
configure({ asyncUtilTimeout: 5000 });

function Around() {
  const platform = usePlatform();
  const { amountsHidden } = usePreferences();
  return (
    <SurroundingsProvider
      value={{
        copy: (text) => platform.copy(text),
        openUrl: (url) => platform.openUrl(url),
        save: (name, content) => platform.saveContent(name, content),
        showFile: (path) => platform.showFile(path),
        amountsHidden,
        tools: null,
      }}
    >
      <Outlet />
      <SettleDialog />
      <BatchEnds />
      <Heard />
      <Toaster />
    </SurroundingsProvider>
  );
}

/** Is there once the window has heard which batches there are, which what stands before it has heard by then. */
function Heard() {
  const { data } = useQuery(recentBatchesQuery(usePlatform()));
  return data === undefined ? null : <p data-testid="heard" hidden />;
}

function Open() {
  const { batch } = useParams({ strict: false });
  return (
    <BatchPage
      batch={batch ?? ""}
      actions={({ items }) => <button type="button">{`Do something to ${items.length}`}</button>}
    />
  );
}

/** A small window that shows an address of this feature on a stall in memory. */
export function show(scenario: Scenario, address: string, prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const root = createRootRoute({ component: Around });
  const page = (path: string, component: () => ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component });
  const router = createRouter({
    routeTree: root.addChildren([
      page("/", () => <h1>Home</h1>),
      page("/attention", () => <h1>Needs attention</h1>),
      page("/payments/$payment", () => <h1>Payment</h1>),
      page("/settlements", () => <SettlementsPage />),
      page("/settlements/$batch", Open),
    ]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      {/* biome-ignore lint/suspicious/noExplicitAny: the window's own router is the registered one */}
      <RouterProvider router={router as any} />
    </InWindow>,
  );
  return { fake, clock, router };
}
