// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PlatformProvider } from "../../api/platform-context";
import { fromAtomic } from "../../lib/money";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../routeTree.gen";
import { prefer } from "../../ui/preferences";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  localStorage.clear();
  prefer({ amountsHidden: false, letterKeys: true });
});
afterEach(cleanup);

async function open(scenario: Scenario, at = "/") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [at] }) });
  render(
    <PlatformProvider
      platform={fake}
      client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
    >
      <RouterProvider router={router} />
    </PlatformProvider>,
  );
  await screen.findByRole("heading", { level: 1, name: "Home" });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, person: userEvent.setup() };
}

const part = (name: string) => {
  const found = screen.getByRole("heading", { level: 2, name }).closest("div.rounded-card, section");
  if (!(found instanceof HTMLElement)) {
    throw new Error(`There is no part ${name}.`);
  }
  return within(found);
};

/** The large figure of a card. */
const figure = { selector: ".text-money" };

test("settled, pending and what needs attention stand apart, and no figure adds them", async () => {
  const { fake } = await open("few");
  const { settled, pending, attention } = fake.stall.status().money;
  for (const [name, { formatted }] of [
    ["Settled", settled],
    ["Pending", pending],
    ["Needs attention", attention],
  ] as const) {
    expect(await part(name).findByText(`$${formatted}`, figure)).toBeTruthy();
  }
  const both = fromAtomic(BigInt(settled.amount) + BigInt(pending.amount), settled.decimals);
  expect(document.body.textContent).not.toContain(both);
});

test("what is settled leaves the pending figure and comes into the settled one, to the last digit", async () => {
  const { fake, pass } = await open("few");
  await part("Pending").findByText("$4.065", figure);
  const before = fake.stall.status().money;
  await act(() => fake.call("settle", { key: "0".repeat(32), wait: false }));
  await pass(30_000);
  await part("Pending").findByText("$0.00", figure);
  const after = fake.stall.status().money;
  const moved = BigInt(after.settled.amount) - BigInt(before.settled.amount);
  const failed = BigInt(after.attention.amount) - BigInt(before.attention.amount);
  expect(moved + failed).toBe(BigInt(before.pending.amount));
  expect(await part("Settled").findByText(`$${after.settled.formatted}`, figure)).toBeTruthy();
});

test("a payment appears at the top by itself, and the row that is read keeps the focus", async () => {
  const { fake, pass, person } = await open("few");
  const recent = part("Recent activity");
  const rows = await recent.findAllByRole("link", { name: /\$/ });
  rows[0]?.focus();
  await person.keyboard("jj{ArrowDown}k");
  expect(document.activeElement).toBe(rows[2]);
  await act(async () => void fake.buy("/tides"));
  await pass(1000);
  await waitFor(() =>
    expect(recent.getAllByRole("link", { name: /\$/ })[0]?.textContent).toContain("Tide tables"),
  );
  expect(recent.getAllByRole("link", { name: /\$/ })).toHaveLength(10);
  expect(document.activeElement).toBe(rows[2]);
});

test("letters go nowhere when they are turned off, arrows still do", async () => {
  prefer({ letterKeys: false });
  const { person } = await open("few");
  const rows = await part("Recent activity").findAllByRole("link", { name: /\$/ });
  rows[0]?.focus();
  await person.keyboard("j");
  expect(document.activeElement).toBe(rows[0]);
  await person.keyboard("{ArrowDown}");
  expect(document.activeElement).toBe(rows[1]);
});

test("a test purchase says what was bought and follows its payment", async () => {
  const { fake, person } = await open("few");
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.click(dialog.getByRole("button", { name: "Buy" }));
  expect(await dialog.findByText("Bought “Harbour at dawn”")).toBeTruthy();
  expect(await dialog.findByText("Ready to settle")).toBeTruthy();
  expect(fake.calls.filter(({ name }) => name === "practice_buy")).toEqual([
    { name: "practice_buy", body: { path: "/harbour" } },
  ]);
  expect(dialog.getByRole("link", { name: "Show the payment" }).getAttribute("href")).toMatch(
    /^\/payments\/.+/,
  );
});

test("a test purchase that brings nothing says why", async () => {
  const { fake, person } = await open("few");
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  fake.stall.isSelling = false;
  await person.click(dialog.getByRole("button", { name: "Buy" }));
  expect((await dialog.findByRole("alert")).textContent).toContain("The stall is closed for now.");
  fake.stall.isSelling = true;
  await person.click(dialog.getByRole("button", { name: "Try again" }));
  expect(await dialog.findByText("Bought “Harbour at dawn”")).toBeTruthy();
});

test("the first steps are struck through one by one, and go when the first payment is settled", async () => {
  const { fake, pass, person } = await open("empty");
  await screen.findByRole("heading", { name: "Getting started" });
  const steps = part("Getting started");
  expect(await steps.findByText("0 of 4 done")).toBeTruthy();
  expect(screen.getByText("Price a file first.")).toBeTruthy();
  await act(() => fake.call("endpoint_add", { file: "/home/ada/song.wav", path: "/song", price: "0.05" }));
  await pass(1000);
  await person.click(await steps.findByRole("button", { name: "Copy the link" }));
  expect(fake.copied).toEqual(["http://127.0.0.1:4021/song"]);
  await steps.findByText("2 of 4 done");
  await person.click(steps.getByRole("button", { name: "Make a test purchase" }));
  await person.click(await screen.findByRole("button", { name: "Buy" }));
  await pass(1000);
  // The step is done, and its button gone: the dialog stays to say how it went.
  expect(await screen.findByText("Bought “song.wav”")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Done" }));
  await steps.findByText("3 of 4 done");
  await act(() => fake.call("settle", { key: "1".repeat(32), wait: false }));
  await pass(60_000);
  await waitFor(() => expect(screen.queryByText("Getting started")).toBeNull());
});

test("the days can be read as a table, for as long as was chosen", async () => {
  const { router, person } = await open("few", "/?days=7");
  await person.click(await screen.findByRole("button", { name: "View as table" }));
  expect(screen.getAllByRole("row")).toHaveLength(8);
  await person.click(screen.getByRole("radio", { name: "28 days" }));
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(29));
  expect(router.state.location.search).toEqual({ days: 28 });
});

test("what could not be loaded says so in its own place and can be tried again", async () => {
  const { fake, person } = await open("error");
  const sales = part("Sales by day");
  expect((await sales.findByRole("alert")).textContent).toContain("The sales could not be loaded");
  fake.answerAgain("revenue");
  await person.click(sales.getByRole("button", { name: "Try again" }));
  expect(await sales.findByRole("button", { name: "View as table" })).toBeTruthy();
  // What is not known is not told: no word that the gas wallet holds enough.
  expect(screen.queryByText("Enough")).toBeNull();
});

test("hidden amounts are hidden in every part", async () => {
  prefer({ amountsHidden: true });
  const { person } = await open("few");
  await part("Recent activity").findAllByText("Amount hidden");
  await person.click(await screen.findByRole("button", { name: "View as table" }));
  expect(document.querySelector("main")?.textContent).not.toMatch(/\$\d|\d ETH/);
});
