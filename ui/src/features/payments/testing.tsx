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
import { type ReactNode, useState } from "react";
import { vi } from "vitest";
import { usePlatform } from "../../api/platform-context";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { Announcer } from "../../ui/announce";
import { usePreferences } from "../../ui/preferences";
import { SurroundingsProvider } from "../../ui/surroundings";
import { Toaster } from "../../ui/Toaster";
import { PaymentDrawer } from "./PaymentDrawer";
import { PaymentsPage } from "./PaymentsPage";

// The machine that runs the tests may be busy with other things.
configure({ asyncUtilTimeout: 5000 });

/** Rows exist only where there is room for them, and here nothing is laid out. */
export function giveRoom() {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  document.documentElement.style.fontSize = "16px";
}

function Around() {
  const platform = usePlatform();
  const { amountsHidden } = usePreferences();
  const [surroundings] = useState(() => ({
    copy: (text: string) => platform.copy(text),
    openUrl: (url: string) => platform.openUrl(url),
    save: (name: string, content: Uint8Array) => platform.saveContent(name, content),
    showFile: (path: string) => platform.showFile(path),
    tools: null,
  }));
  return (
    <SurroundingsProvider value={{ ...surroundings, amountsHidden }}>
      <Outlet />
      <Toaster />
      <Announcer />
    </SurroundingsProvider>
  );
}

function Open() {
  const { payment } = useParams({ strict: false });
  return <PaymentDrawer payment={payment ?? ""} actions={() => null} />;
}

/** A small window that shows an address of this feature on a stall in memory. */
export function show(scenario: Scenario, address: string, prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const root = createRootRoute({ component: Around });
  const page = (path: string, component: () => ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component });
  const payments = page("/payments", () => (
    <PaymentsPage
      bulk={(chosen, done) => (
        <button type="button" onClick={done}>{`Do something to ${chosen.length}`}</button>
      )}
    />
  ));
  const router = createRouter({
    routeTree: root.addChildren([
      page("/endpoints", () => <h1>Endpoints</h1>),
      page("/endpoints/$endpoint", () => <h1>Endpoint</h1>),
      page("/settlements", () => <h1>Settlements</h1>),
      page("/settlements/$batch", () => <h1>Batch</h1>),
      payments.addChildren([
        createRoute({ getParentRoute: () => payments, path: "$payment", component: Open }),
      ]),
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
