// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { share } from "../../lib/share";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  // Rows exist only where there is room for them, and here nothing is laid out.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  document.documentElement.style.fontSize = "16px";
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function open(address = "/visitors", scenario: Scenario = "few") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [address] }) });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { level: 1, name: "Visitors" });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, person: userEvent.setup() };
}

const figure = (name: string) =>
  screen
    .findByText(name, { selector: "dt" })
    .then((dt) => dt.parentElement?.querySelector("dd")?.textContent);

const asked = (fake: Fake) => fake.calls.filter(({ name }) => name === "funnel_show").map(({ body }) => body);

test("how many were shown a price, signed, got it and paid stand beside each other", async () => {
  const { fake } = await open();
  const { shown, signed } = (await fake.call("funnel_show", { days: 28 })) as Record<string, number>;
  expect(await figure("Shown a price")).toBe(String(shown));
  expect(await figure("Signed")).toContain(`${signed}17% of those shown`);
  expect(asked(fake)[0]).toEqual({ days: 28 });
});

test("the days and the endpoint are chosen, and stand in the address", async () => {
  const { fake, router, person } = await open();
  await person.click(await screen.findByRole("radio", { name: "7 days" }));
  await person.click((await screen.findAllByRole("link", { name: "Harbour at dawn" }))[0] as HTMLElement);
  const id = fake.stall.shelf.endpoints[0]?.id;
  await waitFor(() => expect(router.state.location.search).toEqual({ days: 7, endpoint: id }));
  const table = within(await screen.findByRole("region", { name: "By day" }));
  expect(table.getAllByRole("row")).toHaveLength(1 + 7);
  expect(asked(fake).at(-1)).toEqual({ days: 7, endpoint: id });
});

test("the newest requests say what was answered, and who paid leads to the buyer", async () => {
  const { router, person } = await open("/visitors?show=requests");
  const rows = await screen.findAllByRole("row");
  expect(rows.length).toBeGreaterThan(3);
  expect(screen.getAllByText("402 · shown the price").length).toBeGreaterThan(0);
  expect(screen.getAllByText("200 · served").length).toBeGreaterThan(0);
  const log = within(screen.getByRole("grid", { name: "Newest requests" }));
  await person.click(log.getAllByRole("link")[0] as HTMLElement);
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/buyers\/0x/));
});

test("network addresses are there only where the seller asked for them, and it is said", async () => {
  const { fake, pass } = await open("/visitors?show=requests");
  expect(await screen.findByText(/Network addresses are not kept/)).toBeTruthy();
  await screen.findAllByText("200 · served");
  expect(screen.queryByRole("columnheader", { name: "Network address" })).toBeNull();
  await fake.call("settings_set", { key: "request-addresses", value: "on" });
  await pass(1000);
  expect(await screen.findByText(/Network addresses are kept/)).toBeTruthy();
  expect(await screen.findByRole("columnheader", { name: "Network address" })).toBeTruthy();
});

test("a new stall says that nobody came and how to begin", async () => {
  const { person } = await open("/visitors", "empty");
  expect(await screen.findByText("Nobody came in the last 28 days")).toBeTruthy();
  await person.click(screen.getByRole("radio", { name: "Newest requests" }));
  expect(await screen.findByText("No requests since the stall was opened")).toBeTruthy();
});

test("visits that cannot be loaded say why, and are there when they are tried again", async () => {
  const { fake, person } = await open("/visitors", "error");
  expect(await screen.findByText("The visits could not be loaded")).toBeTruthy();
  fake.answerAgain("funnel_show");
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await figure("Delivered")).toBeTruthy();
});

test("a part that is no part of the whole is not told", () => {
  expect([share(1, 3), share(1, 40), share(0, 9), share(0, 0), share(5, 4)]).toEqual([
    "33%",
    "2.5%",
    "0%",
    null,
    null,
  ]);
});
