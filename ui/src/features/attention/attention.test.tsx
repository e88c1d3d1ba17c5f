// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

afterEach(cleanup);

async function open(scenario: Scenario, environment: "practice" | "live" = "practice") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  fake.stall.environment = environment;
  const history = createMemoryHistory({ initialEntries: ["/attention"] });
  const router = createRouter({ routeTree, history });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { level: 1, name: "Needs attention" });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, person: userEvent.setup() };
}

const group = async (title: string) => {
  const found = (await screen.findByRole("heading", { name: title })).closest("article");
  if (found === null) {
    throw new Error(`There is no group ${title}.`);
  }
  return within(found);
};

const UNDERFUNDED = "The buyer's wallet no longer holds enough.";

test("a reason is written off only after it was asked about, and leaves the page for good", async () => {
  const { fake, pass, person } = await open("attention");
  const underfunded = await group(UNDERFUNDED);
  expect(underfunded.getByText("5 payments")).toBeTruthy();
  await person.click(underfunded.getByRole("button", { name: "Write all off…" }));
  const question = within(await screen.findByRole("alertdialog"));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  expect(fake.calls.some(({ name }) => name === "payment_write_off")).toBe(false);
  await person.click(question.getByRole("button", { name: "Write off $1.00" }));
  await pass(1000);
  await waitFor(() => expect(screen.queryByText(UNDERFUNDED)).toBeNull());
  expect(fake.calls.filter(({ name }) => name === "payment_write_off")).toEqual([
    { name: "payment_write_off", body: { reason: "underfunded", network: "eip155:84532", expected: 5 } },
  ]);
  // The button is gone with its group; whoever uses keys is still on the list.
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("What needs you"));
});

test("in practice the buyer gets what it lacks by a press, and its payment alone is settled at once", async () => {
  const { fake, router, pass, person } = await open("attention");
  const { items } = (await fake.call("failure_list", { reason: "underfunded" })) as {
    items: { id: string; payer: string; formatted: string }[];
  };
  const [{ id, payer, formatted }] = items as [(typeof items)[number]];
  await act(async () => fake.setGas(10n ** 18n));
  const before = fake.calls.length;
  const gives = await screen.findAllByRole("button", { name: "Give the buyer practice money" });
  await person.click(gives[0] as HTMLElement);
  expect(await screen.findByText(`The buyer has $${formatted} more`)).toBeTruthy();
  expect(screen.getByText("The payment is being settled.")).toBeTruthy();
  const asked = fake.calls.slice(before);
  expect(asked.filter(({ name }) => name === "practice_fund").map(({ body }) => body)).toEqual([
    { addresses: [payer], amount: formatted },
  ]);
  expect(asked.filter(({ name }) => name === "settle").map(({ body }) => body)).toEqual([
    { key: expect.any(String), payments: [id] },
  ]);
  await pass(1000);
  expect((await group(UNDERFUNDED)).getByText("4 payments")).toBeTruthy();
  // The button is gone with its row; whoever uses keys is still on the list.
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("What needs you"));
  await pass(3000);
  expect(await screen.findByText(`$${formatted} arrived`)).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/settlements\//));
});

test("one that was tried again by itself meanwhile is settled all the same", async () => {
  const { fake, person } = await open("attention");
  const { items } = (await fake.call("failure_list", { reason: "underfunded" })) as {
    items: { id: string }[];
  };
  const { id } = items[0] as { id: string };
  await act(async () => fake.setGas(10n ** 18n));
  const gives = await screen.findAllByRole("button", { name: "Give the buyer practice money" });
  fake.stall.book.move(fake.stall.book.find(id), "queued");
  await person.click(gives[0] as HTMLElement);
  expect(await screen.findByText("The payment is being settled.")).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === "settle")).toBe(true);
});

test("why a payment is not settled at once is said when its buyer has the money", async () => {
  const { fake, person } = await open("attention");
  const gives = await screen.findAllByRole("button", { name: "Give the buyer practice money" });
  await person.click(gives[0] as HTMLElement);
  expect(
    await screen.findByText(`The payment is not being settled yet: ${fake.stall.lowGas()}`),
  ).toBeTruthy();
});

test("only in practice a buyer is given money", async () => {
  await open("attention", "live");
  await group(UNDERFUNDED);
  expect(await screen.findAllByRole("button", { name: "Try again…" })).not.toHaveLength(0);
  expect(screen.queryByRole("button", { name: "Give the buyer practice money" })).toBeNull();
});

test("a buyer who got no practice money is told of", async () => {
  const { fake, person } = await open("attention");
  fake.failNext("practice_fund", "unavailable", 1, "The practice node does not answer.");
  const gives = await screen.findAllByRole("button", { name: "Give the buyer practice money" });
  await person.click(gives[0] as HTMLElement);
  expect(await screen.findByText("The buyer got no practice money")).toBeTruthy();
  expect(screen.getByText("The practice node does not answer.")).toBeTruthy();
});

test("a cancelled question writes nothing off", async () => {
  const { fake, person } = await open("attention");
  await person.click((await group(UNDERFUNDED)).getByRole("button", { name: "Write all off…" }));
  await person.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(screen.getByText(UNDERFUNDED)).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === "payment_write_off")).toBe(false);
});

test("what could not be written off is said in the question, which stays", async () => {
  const { fake, person } = await open("attention");
  fake.failNext("payment_write_off", "unavailable", 1, "The data file is busy.");
  await person.click((await group(UNDERFUNDED)).getByRole("button", { name: "Write all off…" }));
  await person.click(await screen.findByRole("button", { name: "Write off $1.00" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The data file is busy.");
  expect(screen.getByRole("alertdialog")).toBeTruthy();
});

test("what came of a write-off is told also when its question was closed before the answer", async () => {
  const { fake, person } = await open("attention");
  fake.failNext("payment_write_off", "unavailable", 1, "The data file is busy.");
  fake.neverAnswer("payment_write_off");
  await person.click((await group(UNDERFUNDED)).getByRole("button", { name: "Write all off…" }));
  await person.click(await screen.findByRole("button", { name: "Write off $1.00" }));
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  await act(async () => fake.refuseThose("payment_write_off"));
  expect(await screen.findByText("Nothing was written off")).toBeTruthy();
  expect(screen.getByText("The data file is busy.")).toBeTruthy();
});

test("the gas wallet's address stands whole beside its code, until it is filled", async () => {
  const { fake, pass } = await open("attention");
  const gas = await group("The gas wallet is low");
  const address = fake.stall.gasWallet().address;
  expect(await gas.findByText(address)).toBeTruthy();
  expect(gas.getByRole("img", { name: "QR code of the gas wallet's address" })).toBeTruthy();
  await act(async () => fake.setGas(10n ** 18n));
  await pass(1000);
  await waitFor(() => expect(screen.queryByText("The gas wallet is low")).toBeNull());
});

test("payments are shown by the states that the reason stands for", async () => {
  const { router, person } = await open("attention");
  const expired = await group("The buyer's authorization expired before it was settled.");
  await person.click(expired.getByRole("link", { name: "Show the payments" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/payments"));
  expect(router.state.location.search).toEqual({ states: ["expired"] });
});

test("a node that goes away appears by itself, and goes when it is back", async () => {
  const { fake, pass } = await open("empty");
  await screen.findByRole("heading", { name: "Nothing needs you" });
  await act(async () => fake.setNodeAway(true));
  await pass(1000);
  const node = await group("The network cannot be used");
  expect(node.getByText(/Practice starts its node again by itself/)).toBeTruthy();
  await act(async () => fake.setNodeAway(false));
  await pass(1000);
  expect(await screen.findByRole("heading", { name: "Nothing needs you" })).toBeTruthy();
});

test("a locked gas wallet that payments wait for leads to where it is unlocked", async () => {
  const { fake, router, pass, person } = await open("few");
  await act(async () => {
    fake.stall.wallet.isLocked = true;
    fake.stall.events.changed("status");
  });
  await pass(1000);
  const locked = await group("The gas wallet is locked");
  await person.click(locked.getByRole("link", { name: "Unlock it" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/wallet"));
});

test("a deletion that the start refused is told with its reason until it is spared", async () => {
  const { fake, router, pass, person } = await open("empty");
  const problem = "Nothing was deleted: 2 more were sold in test after it was asked for. Ask again.";
  await act(async () => {
    fake.stall.data.deletion = { environment: "test", keys: false, problem };
    fake.stall.events.changed("settings");
  });
  await pass(1000);
  const refused = await group("An environment was not deleted");
  expect(refused.getByText(problem)).toBeTruthy();
  await person.click(refused.getByRole("link", { name: "Open your data" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/data"));
  await person.click(await screen.findByRole("button", { name: "Delete nothing" }));
  await act(() => router.navigate({ to: "/attention" }));
  expect(await screen.findByRole("heading", { name: "Nothing needs you" })).toBeTruthy();
});

test("what broke off on its way is told, and leads to its payments", async () => {
  const { router, person } = await open("attention");
  const brokenOff = await group("Something that is paid for broke off");
  expect(brokenOff.getByText("1 payment")).toBeTruthy();
  await person.click(brokenOff.getByRole("link", { name: "Show these payments" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ delivery: "interrupted" }));
});

test("where no network is set up, the bar and the list lead to where one is, and the pages say so", async () => {
  const { fake, router, person } = await open("few");
  fake.stall.networks.rows.length = 0;
  await act(async () => fake.stall.events.tell({ stale: ["status"] }));
  const missing = await group("No network is set up yet.");
  expect(missing.getByRole("link", { name: "Set a network up" }).getAttribute("href")).toBe(
    "/settings/networks",
  );
  expect(screen.queryByText("Nothing needs you")).toBeNull();
  await person.click(screen.getByRole("link", { name: "Home" }));
  await screen.findByRole("heading", { level: 1, name: "Home" });
  expect((await screen.findAllByText("There is 1 other thing to look at.")).length).toBeGreaterThan(0);
  expect(screen.queryByText("Nothing needs you")).toBeNull();
  const [inBar] = screen.getAllByRole("link", { name: "Set a network up" });
  await person.click(inBar as HTMLElement);
  await waitFor(() => expect(router.state.location.pathname).toBe("/settings/networks"));
});
