// @vitest-environment happy-dom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { WelcomePage } from "./WelcomePage";

configure({ asyncUtilTimeout: 5000 });
afterEach(() => {
  cleanup();
  localStorage.clear();
});

function show(scenario: Scenario, address = "/welcome") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const root = createRootRoute({ component: Outlet });
  const page = (path: string, title: string) =>
    createRoute({ getParentRoute: () => root, path, component: () => <h1>{title}</h1> });
  const router = createRouter({
    routeTree: root.addChildren([
      page("/", "Home"),
      page("/live", "Live"),
      createRoute({
        getParentRoute: () => root,
        path: "/welcome",
        component: () => (
          <WelcomePage environment={<p>Three worlds</p>} price={<p>Price buttons</p>} reach={<p>Ways</p>} />
        ),
      }),
    ]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      {/* biome-ignore lint/suspicious/noExplicitAny: the window's own router is the registered one */}
      <RouterProvider router={router as any} />
    </InWindow>,
  );
  return { fake, clock };
}

const next = async () => userEvent.click(await screen.findByRole("button", { name: "Next" }));

test("the five steps lead one after the other to Home, and can be gone on with after a pause", async () => {
  show("empty");
  await screen.findByText(/practice address/);
  // There is no wallet that a practice address could be compared with.
  expect(screen.queryByText(/Compare that with your wallet/)).toBeNull();
  await next();
  await screen.findByText("Three worlds");
  await next();
  expect(await screen.findByText("Price buttons")).toBeTruthy();
  cleanup();
  show("empty");
  expect(await screen.findByText("Price buttons")).toBeTruthy();
  await next();
  await next();
  expect(await screen.findByText("Put something up for sale first.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Go to Home" }));
  expect(await screen.findByRole("heading", { name: "Home" })).toBeTruthy();
});

test("opening to buyers is done once they reach the stall, and not by going past it", async () => {
  const { fake } = show("few", "/welcome?step=try");
  const reach = await screen.findByRole("button", { name: /Open to buyers/ });
  await waitFor(() => expect(fake.calls.some(({ name }) => name === "reach_show")).toBe(true));
  await act(async () => {});
  expect(within(reach).queryByText("done")).toBeNull();
  await act(async () => {
    await fake.call("reach_set", { kind: "this_network" });
    fake.stall.events.tell({ stale: ["reach"] });
  });
  expect(await within(reach).findByText("done")).toBeTruthy();
});

test("a test purchase turns all six stages green, and settles only what it bought", async () => {
  const { fake, clock } = show("few", "/welcome?step=try");
  for (const endpoint of fake.stall.shelf.endpoints.filter(({ mode }) => mode === "instant")) {
    fake.stall.shelf.put(endpoint, "paused");
  }
  const stages = await screen.findByRole("list", { name: "What happens in a sale" });
  const green = () => within(stages).queryAllByText(/done/).length;
  expect(green()).toBe(0);
  await userEvent.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  await waitFor(() => expect(fake.calls.some(({ name }) => name === "practice_buy")).toBe(true));
  for (let second = 0; second < 60 && green() < 6; second += 1) {
    await act(async () => clock.advance(1000));
  }
  await waitFor(() => expect(green()).toBe(6));
  expect(screen.getByText(/That was a sale/)).toBeTruthy();
  const asked = fake.calls.filter(({ name }) => name === "settle");
  expect(asked.map(({ body }) => body)).toEqual([
    expect.objectContaining({ payments: [expect.any(String)] }),
  ]);
});
