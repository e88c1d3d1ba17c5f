// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  // Days are those of the computer's clock, and the stall has its own.
  vi.useFakeTimers({ now: OPENING, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  prefer({ amountsHidden: false, letterKeys: true });
  vi.useRealTimers();
});

async function open(address = "/reports", scenario: Scenario = "attention") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [address] }) });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { level: 1, name: "Reports" });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, person: userEvent.setup() };
}

const asked = (fake: Fake, command: string) =>
  fake.calls.filter(({ name }) => name === command).map(({ body }) => body);

const figure = (name: string) =>
  screen
    .findByText(name, { selector: "dt" })
    .then((dt) => dt.parentElement?.querySelector("dd")?.textContent);

test("the lines that are shown are saved as a file, unless amounts are covered", async () => {
  const { fake, person } = await open("/reports?by=payer");
  await person.click(await screen.findByRole("button", { name: "Save as CSV" }));
  await person.click(await screen.findByRole("button", { name: "Show in folder" }));
  const [file] = fake.written;
  expect(file?.path).toMatch(
    /^\/home\/ada\/stallkeeper-practice-report-payer-2026-\d\d-\d\d-2026-11-21\.csv$/,
  );
  expect(fake.shown).toEqual([file?.path]);
  const [head, ...lines] = new TextDecoder().decode(file?.content).trimEnd().split("\r\n");
  expect(head).toBe("environment,payer,network,payments,gross,costs,costs_coin,refunds,net");
  expect(lines).toHaveLength(screen.getAllByRole("row").length - 1);
  expect(lines[0]).toMatch(/^practice,0x[0-9a-fA-F]{40},eip155:84532,\d+,\d+\.\d+,/);
  act(() => prefer({ amountsHidden: true }));
  expect(screen.queryByRole("button", { name: "Save as CSV" })).toBeNull();
});

test("what came, what it cost, what was given back and what is left stand side by side", async () => {
  await open();
  expect(await figure("Gross")).toBe("$17.5640 payments settled");
  expect(await figure("Costs")).toBe("$0.046520.00001476 ETH");
  expect(await figure("Refunds")).toBe("$1.552 refunds");
  expect(await figure("Net")).toBe("$15.96348Gross without costs and refunds");
});

test("the days and what the lines are about are chosen, and stand in the address", async () => {
  const { fake, router, person } = await open("/reports?period=last-month");
  expect(await screen.findByText("Nothing arrived in these days")).toBeTruthy();
  expect(asked(fake, "report").at(-1)).toEqual({ from: "2026-10-01", to: "2026-10-31", by: "day" });
  await person.click(screen.getByRole("combobox", { name: "Which days" }));
  await person.click(await screen.findByRole("option", { name: "This month" }));
  await person.click(screen.getByRole("radio", { name: "Endpoint" }));
  const table = within(await screen.findByRole("table"));
  expect(table.getByRole("rowheader", { name: /Harbour at dawn/ })).toBeTruthy();
  expect(router.state.location.search).toEqual({ period: "month", by: "endpoint" });
  expect(asked(fake, "report").at(-1)).toEqual({ from: "2026-11-01", to: "2026-11-21", by: "endpoint" });
});

test("without a price for the coin there is no net, until the seller says one", async () => {
  const { fake, pass, person } = await open("/reports", "few");
  expect(await figure("Net")).toContain("What the ETH for gas was worth is not known.");
  await person.click(screen.getByRole("button", { name: "Say its price…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.type(dialog.getByLabelText("One ETH"), "3150,20{Enter}");
  await pass(1000);
  await waitFor(() =>
    expect(asked(fake, "settings_set")).toEqual([{ key: "coin-price-ETH", value: "3150.2" }]),
  );
  expect(await screen.findByText("One ETH is $3,150.20")).toBeTruthy();
});

test("a price that the app refuses is said where it was typed, with details to copy", async () => {
  const { fake, person } = await open("/reports", "few");
  fake.failNext("settings_set", "invalid_request", 1, "That is no price.");
  await person.click(await screen.findByRole("button", { name: "Say its price…" }));
  const dialog = within(await screen.findByRole("dialog"));
  await person.type(dialog.getByLabelText("One ETH"), "1{Enter}");
  expect(await dialog.findByText("That is no price.")).toBeTruthy();
  expect(dialog.getByRole("button", { name: "Copy details" })).toBeTruthy();
});

test("hidden amounts stand nowhere in the report", async () => {
  prefer({ amountsHidden: true });
  await open();
  await screen.findByRole("table");
  expect(screen.getByRole("main").innerHTML).not.toMatch(/\$\d|0\.\d+ ETH/);
});

test("every refund leads to its payment", async () => {
  const { router, person } = await open("/reports?tab=refunds");
  const list = within(await screen.findByRole("list", { name: "Refunds" }));
  expect(list.getAllByRole("listitem")).toHaveLength(2);
  expect(list.getByText("Bought twice by mistake")).toBeTruthy();
  await person.click(list.getAllByRole("link", { name: "its payment" })[0] as HTMLElement);
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/payments\/.+/));
});

test("what came by other means is listed when the books are compared with the chain", async () => {
  const { fake, person } = await open("/reports?tab=chain");
  await person.click(await screen.findByRole("button", { name: "Compare now" }));
  expect(await screen.findByText(/and \$7\.50 more by other means/)).toBeTruthy();
  expect(screen.getByText("$2.50")).toBeTruthy();
  fake.setNodeAway(true);
  await person.click(screen.getByRole("button", { name: "Compare again" }));
  const leftOut = await screen.findByRole("list", { name: "Not compared" });
  expect(within(leftOut).getByText(/^Base Sepolia: /)).toBeTruthy();
  fake.failNext("reconcile", "unavailable");
  await person.click(screen.getByRole("button", { name: "Compare again" }));
  expect(await screen.findByText("The books could not be compared")).toBeTruthy();
});

test("a report that cannot be loaded says why, and is there when it is tried again", async () => {
  const { fake, person } = await open("/reports", "error");
  expect(await screen.findByText("The report could not be loaded")).toBeTruthy();
  fake.answerAgain("report");
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("table")).toBeTruthy();
});
