// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";
import { followLanguage } from "../../ui/language";
import { prefer, preferences } from "../../ui/preferences";

const OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const LAST_SIX = "Type the last six characters of the new address";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => localStorage.clear());
afterEach(cleanup);

async function open(scenario: Scenario = "few", prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const router = createRouter({
    routeTree,
    history: createMemoryHistory({ initialEntries: ["/settings"] }),
  });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { name: "Reach" });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, pass, person: userEvent.setup() };
}

const asked = (fake: Fake, command: string) =>
  fake.calls.filter(({ name }) => name === command).map(({ body }) => body);

/** What changes the payout address, among all that can be changed. */
const changeOfPayout = async () =>
  within(await screen.findByRole("region", { name: "Payout address" })).findByRole("button", {
    name: "Change…",
  });

test("another payout address takes a pasted address, a look at its end and a typed word", async () => {
  const { fake, pass, person } = await open();
  await person.click(await changeOfPayout());
  const dialog = within(await screen.findByRole("dialog"));
  await person.click(dialog.getByLabelText("New payout address"));
  await person.paste(` ethereum:${OTHER}@84532\n`);
  expect(dialog.getByRole("status").textContent).toBe("dc79C8");
  await person.click(dialog.getByRole("button", { name: "Change the address" }));
  expect(dialog.getByText("Those are not the last six characters of the new address.")).toBeTruthy();
  expect(asked(fake, "payout_set")).toEqual([]);
  await person.type(dialog.getByLabelText(LAST_SIX), "DC79C8{Enter}");
  await waitFor(() =>
    expect(asked(fake, "payout_set")).toEqual([{ network: "eip155:84532", payTo: OTHER, word: "DC79C8" }]),
  );
  await pass(1000);
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Change the payout address" })).toBeNull());
  expect(await screen.findByText(OTHER, { selector: "code" })).toBeTruthy();
});

test("what the app says against an address stands beside it, and the form stays as it was typed", async () => {
  const { fake, person } = await open();
  fake.failNext("payout_set", "invalid_request", 1, `${OTHER} is mistyped: its checksum does not fit.`);
  await person.click(await changeOfPayout());
  const dialog = within(await screen.findByRole("dialog"));
  const field = dialog.getByLabelText<HTMLInputElement>("New payout address");
  await person.type(field, OTHER);
  await person.type(dialog.getByLabelText(LAST_SIX), "dc79C8{Enter}");
  expect(await dialog.findByText(/its checksum does not fit/)).toBeTruthy();
  expect(field.value).toBe(OTHER);
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test("no address, the one in use and the gas wallet's are refused before anything is asked", async () => {
  const { fake, person } = await open();
  await person.click(await changeOfPayout());
  const dialog = within(await screen.findByRole("dialog"));
  const field = dialog.getByLabelText("New payout address");
  for (const [typed, why] of [
    ["ada.eth", /Names such as ada.eth are not looked up/],
    [fake.stall.payTo?.toLowerCase() ?? "", /the address that is used now/],
    [fake.stall.gasWallet().address, /whose key is on this computer/],
  ] as const) {
    await person.clear(field);
    await person.type(field, typed);
    await person.click(dialog.getByRole("button", { name: "Change the address" }));
    expect(await dialog.findByText(why)).toBeTruthy();
  }
  expect(asked(fake, "payout_set")).toEqual([]);
});

test("where no network is set up, one comes before the payout address", async () => {
  await open("live", ({ stall }) => {
    stall.networks.rows.length = 0;
  });
  expect(await screen.findByText("Set a network up first. The address belongs to it.")).toBeTruthy();
  expect(screen.queryByText("Practice money")).toBeNull();
  const links = screen.getAllByRole("link", { name: "All networks" });
  expect(links.map((link) => link.getAttribute("href"))).toContain("/settings/networks");
});

test("an address that is refused after its form was closed is told all the same", async () => {
  const { fake, person } = await open();
  fake.failNext("payout_set", "invalid_request", 1, "This address is mistyped.");
  fake.neverAnswer("payout_set");
  await person.click(await changeOfPayout());
  const dialog = within(await screen.findByRole("dialog"));
  await person.type(dialog.getByLabelText("New payout address"), OTHER);
  await person.type(dialog.getByLabelText(LAST_SIX), "dc79C8{Enter}");
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Change the payout address" })).toBeNull());
  await act(async () => fake.refuseThose("payout_set"));
  expect(await screen.findByText("This was not saved")).toBeTruthy();
  expect(screen.getByText("This address is mistyped.")).toBeTruthy();
});

test("practice money goes to the address, at the amount that was typed", async () => {
  const { fake, person } = await open();
  await person.type(await screen.findByLabelText("Address"), OTHER);
  await person.clear(screen.getByLabelText("Amount"));
  await person.type(screen.getByLabelText("Amount"), "12,5");
  await person.click(screen.getByRole("button", { name: "Send practice money" }));
  await waitFor(() => expect(asked(fake, "practice_fund")).toEqual([{ addresses: [OTHER], amount: "12.5" }]));
});

test("the theme, hidden amounts and single letters are kept", async () => {
  const { person } = await open();
  await person.click(screen.getByRole("radio", { name: "Dark" }));
  await person.click(screen.getByRole("switch", { name: "Hide amounts" }));
  await person.click(screen.getByRole("switch", { name: "Single-letter keys" }));
  expect(preferences()).toMatchObject({ theme: "dark", amountsHidden: true, letterKeys: false });
});

test("times are shown in the zone that is chosen, and both themes are looked at beforehand", async () => {
  await followLanguage();
  const { person } = await open();
  const preview = within(screen.getByRole("group", { name: "How it looks" }));
  expect(preview.getAllByText("Settled")).toHaveLength(2);
  await person.click(screen.getByRole("combobox", { name: "Time zone" }));
  await person.click(await screen.findByRole("option", { name: "Asia/Tokyo" }));
  expect(await screen.findByText(/GMT\+9$/)).toBeTruthy();
  expect(preferences().timeZone).toBe("Asia/Tokyo");
  act(() => prefer({ timeZone: "system" }));
});

test("what concerns the window can be set while the stall does not answer", async () => {
  const fake = new Fake({ scenario: "few" });
  fake.failNext("status", "unavailable", Number.POSITIVE_INFINITY, "The stall does not answer.");
  const history = createMemoryHistory({ initialEntries: ["/settings"] });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
  );
  expect(await screen.findByText("The settings could not be loaded")).toBeTruthy();
  expect(screen.getByRole("radio", { name: "Light" })).toBeTruthy();
});

test("every section stands in the list, which leads to its heading", async () => {
  const { person } = await open();
  const list = within(screen.getByRole("navigation", { name: "Sections" }));
  const names = list.getAllByRole("link").map(({ textContent }) => textContent);
  expect(names).toEqual(screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent));
  expect(names).toContain("Practice money");
  await person.click(list.getByRole("link", { name: "Data" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Data" })));
  expect(list.getByRole("link", { name: "Data" }).getAttribute("href")).toBe("/settings#data");
});

test("the list holds nothing that is not there while the stall does not answer, and outside practice", async () => {
  await open("live");
  expect(screen.queryByRole("link", { name: "Practice money" })).toBeNull();
  cleanup();
  const fake = new Fake({ scenario: "few" });
  fake.failNext("status", "unavailable", Number.POSITIVE_INFINITY, "The stall does not answer.");
  const history = createMemoryHistory({ initialEntries: ["/settings"] });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
  );
  const list = within(await screen.findByRole("navigation", { name: "Sections" }));
  expect(list.getAllByRole("link").map(({ textContent }) => textContent)).toEqual([
    "General",
    "This computer",
    "About",
  ]);
});
