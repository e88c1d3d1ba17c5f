// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RevenueView } from "../../api/generated/RevenueView";
import { InWindow } from "../../api/testing";
import { fromAtomic } from "../../lib/money";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  localStorage.clear();
  prefer({ amountsHidden: false, letterKeys: true });
});
afterEach(cleanup);

async function open(scenario: Scenario, at = "/", prepare: (fake: Fake) => void = () => undefined) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [at] }) });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
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
  const { settled, settledToday, pending, attention } = fake.stall.status().money;
  for (const [name, { formatted }] of [
    ["Settled today", settledToday],
    ["Pending", pending],
    ["Needs attention", attention],
  ] as const) {
    expect(await part(name).findByText(`$${formatted}`, figure)).toBeTruthy();
  }
  // What leads to all the settled payments names what they come to, and not the few of today.
  const all = part("Settled today").getByRole("link");
  expect(all.textContent).toBe(`In all: $${settled.formatted}: Show the settled payments`);
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
  expect(await part("Settled today").findByText(`$${after.settledToday.formatted}`, figure)).toBeTruthy();
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

test("a stall whose files are not what was published says so wherever it says that it sells", async () => {
  const { fake } = await open("few");
  for (const endpoint of fake.stall.shelf.endpoints) {
    endpoint.fileState = "changed";
  }
  const unsold = fake.stall.shelf.endpoints.filter(({ state }) => state === "live").length;
  await act(async () => fake.stall.events.tell({ stale: ["endpoints", "status"] }));
  const words = unsold === 1 ? "1 file cannot be bought." : `${unsold} files cannot be bought.`;
  expect(await within(screen.getByRole("region", { name: "Your stall" })).findByText(words)).toBeTruthy();
  expect(part("Stall health").getByText(words)).toBeTruthy();
  expect(screen.queryByText("Nothing needs you")).toBeNull();
  const buy = screen.getByRole("button", { name: /^Make a test purchase/ });
  await waitFor(() => expect(buy.getAttribute("aria-disabled")).toBe("true"));
});

test("buying again buys the same once more, with one press", async () => {
  const { fake, person } = await open("few");
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.click(dialog.getByRole("button", { name: "Buy" }));
  const again = await dialog.findByRole("button", { name: "Buy again" });
  // Whoever only presses Enter goes on, and buys nothing more.
  await waitFor(() => expect(document.activeElement).toBe(dialog.getByRole("button", { name: "Done" })));
  await person.click(again);
  expect(await dialog.findByText("Bought “Harbour at dawn”")).toBeTruthy();
  expect(fake.calls.filter(({ name }) => name === "practice_buy").map(({ body }) => body)).toEqual([
    { path: "/harbour" },
    { path: "/harbour" },
  ]);
});

test("a buyer who moves the money away lets a seller try a failed settlement", async () => {
  const { fake, pass, person } = await open("few");
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.click(dialog.getByRole("switch", { name: "Then the buyer moves the money away" }));
  await person.click(dialog.getByRole("button", { name: "Buy" }));
  expect(
    await dialog.findByText(
      "The buyer has moved the money away. The stall notices within seconds, and settling fails: see what Needs attention offers.",
    ),
  ).toBeTruthy();
  expect(fake.calls.filter(({ name }) => name === "practice_buy").map(({ body }) => body)).toEqual([
    { path: "/harbour", movesAway: true },
  ]);
  await fake.call("settle", { wait: false });
  await pass(60_000);
  expect(await dialog.findByText(/Settling failed, as it was to/)).toBeTruthy();
  await person.click(dialog.getByRole("link", { name: "Needs attention" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Needs attention" })).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Make a test purchase" })).toBeNull());
});

test("what is settled before the money could be moved away is not said to fail", async () => {
  const { fake, pass, person } = await open("few");
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.click(dialog.getByRole("switch", { name: "Then the buyer moves the money away" }));
  await person.click(dialog.getByRole("button", { name: "Buy" }));
  await dialog.findByText(/The buyer has moved the money away/);
  for (const payment of fake.stall.book.payments) {
    payment.doom = null;
  }
  await fake.call("settle", { wait: false });
  await pass(60_000);
  expect(await dialog.findByText("Settled")).toBeTruthy();
  expect(dialog.queryByText(/moved the money away|Settling failed/)).toBeNull();
});

test("why money may not have been moved away is said beside what was bought", async () => {
  const { fake, person } = await open("few");
  const call = fake.call.bind(fake);
  vi.spyOn(fake, "call").mockImplementation(async (name, body) => {
    const answer = await call(name, body);
    return name === "practice_buy"
      ? Object.assign({}, answer, { notMoved: "The node does not answer." })
      : answer;
  });
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.click(dialog.getByRole("switch", { name: "Then the buyer moves the money away" }));
  await person.click(dialog.getByRole("button", { name: "Buy" }));
  expect(await dialog.findByText("Bought “Harbour at dawn”")).toBeTruthy();
  expect((await dialog.findByRole("alert")).textContent).toContain("The node does not answer.");
});

test("where a sale is settled at once, no money can be moved away first", async () => {
  const { person } = await open("few", "/", ({ stall }) => {
    for (const endpoint of stall.shelf.endpoints) {
      endpoint.mode = "instant";
    }
  });
  await person.click(await screen.findByRole("button", { name: "Make a test purchase" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByRole("button", { name: "Buy" })).toBeTruthy();
  expect(dialog.queryByRole("switch")).toBeNull();
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
  // Who put off the five steps is at Home.
  localStorage.setItem("stallkeeper-welcome-left", "yes");
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
  const { router, person } = await open("few", "/?range=7");
  await person.click(await screen.findByRole("button", { name: "View as table" }));
  expect(screen.getAllByRole("row")).toHaveLength(8);
  await person.click(screen.getByRole("radio", { name: "28 days" }));
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(29));
  expect(router.state.location.search).toEqual({ range: 28 });
});

test("what could not be loaded says so in its own place and can be tried again", async () => {
  const { fake, person } = await open("error");
  const sales = part("Sales by day");
  expect((await sales.findByRole("alert")).textContent).toContain("The sales could not be loaded");
  expect(part("Fees paid").getByRole("alert").textContent).toBe("The fees could not be loaded");
  fake.answerAgain("revenue");
  await person.click(sales.getByRole("button", { name: "Try again" }));
  expect(await sales.findByRole("button", { name: "View as table" })).toBeTruthy();
  // What is not known is not told: no word that the gas wallet holds enough.
  expect(screen.queryByText("Enough")).toBeNull();
});

test("fees whose worth is not known stand in coins, as in the books, and not as no dollars", async () => {
  await open("few", "/", (fake) => {
    const call = fake.call.bind(fake);
    vi.spyOn(fake, "call").mockImplementation(async (name, request) => {
      const answer = await call(name, request);
      if (name === "revenue") {
        const { fees } = answer as RevenueView;
        fees.value = { amount: "0", decimals: 6, formatted: "0.00" };
        fees.coins = [{ wei: "599700000000000", formatted: "0.0005997", coin: "ETH" }];
        fees.unpriced = fees.coins;
      }
      return answer;
    });
  });
  const card = part("Fees paid");
  expect((await card.findAllByText("0.0005997 ETH")).length).toBe(1);
  expect(card.queryByText(/\$/)).toBeNull();
});

test("hidden amounts are hidden in every part", async () => {
  prefer({ amountsHidden: true });
  const { person } = await open("few");
  await part("Recent activity").findAllByText("Amount hidden");
  await person.click(await screen.findByRole("button", { name: "View as table" }));
  expect(document.querySelector("main")?.textContent).not.toMatch(/\$\d|\d ETH/);
});

test("a day goes hour by hour, a year month by month, and the time before stands beside it", async () => {
  const { fake, router, person } = await open("few", "/?range=1");
  await person.click(await screen.findByRole("button", { name: "View as table" }));
  expect(await screen.findByRole("heading", { level: 2, name: "Sales by hour" })).toBeTruthy();
  expect(screen.getAllByRole("row")).toHaveLength(25);
  // Its hours are not those of the clock on the wall.
  expect(screen.getByText(/Hours in UTC\.$/)).toBeTruthy();
  expect(screen.getByText(/yesterday by now \(UTC\)$/)).toBeTruthy();
  await person.click(screen.getByRole("radio", { name: "12 months" }));
  expect(await screen.findByRole("heading", { level: 2, name: "Sales by month" })).toBeTruthy();
  expect(screen.getAllByRole("row")).toHaveLength(13);
  expect(screen.queryByText(/than in the time before/)).toBeNull();
  await person.click(screen.getByRole("switch", { name: "Compare with the time before" }));
  expect(await screen.findByText(/settled (than|as) in the time before/)).toBeTruthy();
  expect(screen.getByRole("columnheader", { name: "Settled before" })).toBeTruthy();
  expect(router.state.location.search).toEqual({ range: "year", compare: true });
  await person.click(screen.getByRole("button", { name: "Copy as CSV" }));
  const lines = fake.copied.at(-1)?.split("\r\n") ?? [];
  expect(lines[0]).toBe("time_UTC,environment,settled,pending,attention,settled_before");
  expect(lines[1]).toMatch(/^\d{4}-\d{2},practice,\d/);
  expect(lines).toHaveLength(14);
  await person.click(screen.getByRole("button", { name: "Save as CSV" }));
  expect(await screen.findByText("/home/ada/stallkeeper-practice-sales-2025-12-2026-11.csv")).toBeTruthy();
  expect(fake.written.map(({ content }) => new TextDecoder().decode(content))).toEqual([fake.copied.at(-1)]);
  await person.click(screen.getByRole("radio", { name: "Today" }));
  expect(await screen.findByText(/settled (than|as) on .+ up to this hour$/)).toBeTruthy();
});

test("of two days that are named the wrong way round, the time between them is shown", async () => {
  const { fake, router, person } = await open("few", "/?range=custom&from=2026-11-20&to=2026-11-10");
  await screen.findByRole("button", { name: "View as table" });
  const asked = fake.calls.filter(({ name }) => name === "revenue").map(({ body }) => body);
  expect(asked).toEqual([{ from: "2026-11-10", to: "2026-11-20" }]);
  await person.click(screen.getByLabelText("First day"));
  await person.tab();
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ range: "custom", from: "2026-11-10", to: "2026-11-20" }),
  );
});

test("a trouble that is over says so in the bell and is not counted as new any more", async () => {
  const { fake, pass, person } = await open("few");
  const bell = () => screen.getByRole("button", { name: /^Notifications/ });
  await act(async () => fake.setNodeAway(true));
  const trouble = fake.stall.offlineReason() ?? "";
  await act(async () => fake.stall.events.changed("notices"));
  await pass(1000);
  await person.click(bell());
  const told = async () => (await screen.findByText(trouble, { selector: "a *" })).closest("a")?.textContent;
  expect(await told()).toMatch(/^New: /);
  const before = Number.parseInt(bell().getAttribute("aria-label")?.match(/\d+/)?.[0] ?? "", 10);
  await act(async () => fake.setNodeAway(false));
  await act(async () => fake.stall.events.changed("notices"));
  await pass(1000);
  await waitFor(async () => expect(await told()).toContain(`${trouble}Resolved · `));
  expect(await told()).not.toContain("New:");
  expect(bell().getAttribute("aria-label")).toBe(`Notifications, ${before - 1} new`);
});

test("the bell says how much is new, leads to it and forgets it once it was read", async () => {
  const { fake, router, person } = await open("few");
  const unread = () => screen.getByRole("button", { name: /^Notifications/ });
  await waitFor(() => expect(unread().getAttribute("aria-label")).toMatch(/, \d+ new$/));
  await person.click(unread());
  fake.failNext("notices_seen", "file", 1, "The disk is full.");
  await person.click(await screen.findByRole("button", { name: "Mark all as read" }));
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Mark all as read" }));
  await waitFor(() => expect(unread().getAttribute("aria-label")).toBe("Notifications"));
  expect(fake.calls.filter(({ name }) => name === "notices_seen")).toHaveLength(2);
  const [first] = await screen.findAllByRole("link", { name: /payments?,|Sold/ });
  await person.click(first as HTMLElement);
  await waitFor(() => expect(router.state.location.pathname).toBe("/payments"));
});
