import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, configure, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

/** The window at an address, on a stall in memory. */
export function show(address: string, scenario: Scenario, prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createRouter({
    routeTree,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  const { container } = render(
    <InWindow platform={fake} client={client}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  const pass = (ms: number) => act(async () => clock.advance(ms));
  /** What the window asked of a command, oldest first. */
  const asked = (command: string) =>
    fake.calls.filter(({ name }) => name === command).map(({ body }) => body);
  return { fake, client, router, container, pass, asked, person: userEvent.setup() };
}
