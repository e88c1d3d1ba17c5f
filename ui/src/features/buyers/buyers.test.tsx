// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PayerList } from "../../api/generated/PayerList";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  localStorage.clear();
  // Rows exist only where there is room for them, and here nothing is laid out.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  document.documentElement.style.fontSize = "16px";
});
afterEach(() => {
  cleanup();
  prefer({ amountsHidden: false });
  vi.restoreAllMocks();
});

const NOBODY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

async function open(scenario: Scenario, address = "/buyers", prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const router = createRouter({
    routeTree,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, person: userEvent.setup() };
}

/** The rows in sight, without the header. */
async function rows() {
  await screen.findByRole("grid", { name: "Buyers" });
  await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(1));
  return screen.getAllByRole("row").slice(1);
}

/** Somebody who paid and has a payment waiting. */
async function someone(fake: Fake, sort = "exposed") {
  const { items } = (await fake.call("payer_list", { sort, limit: 1 })) as { items: { payer: string }[] };
  return items[0]?.payer ?? "";
}

const standings = (fake: Fake) =>
  fake.calls
    .filter(({ name }) => name === "payer_set")
    .map(({ body }) => (body as { standing: string }).standing);

test("who paid stands with what became of it, and what is shown stands in the address", async () => {
  const { router, person } = await open("few");
  const [first] = await rows();
  expect(first?.textContent).toMatch(/0x.*Normal.*\$/);
  await person.click(screen.getByRole("radio", { name: "Failed" }));
  await waitFor(() => expect(screen.getByText("Pays up front")).toBeTruthy());
  expect(router.state.location.search).toEqual({ show: "lost" });
  await person.click(screen.getByRole("radio", { name: "Blocked" }));
  expect(await screen.findByText("Nobody is blocked")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Show the newest" }));
  expect((await rows()).length).toBeGreaterThan(1);
  expect(router.state.location.search).toEqual({});
});

test("blocking asks first, shows at once and can be undone", async () => {
  const { fake, router, person } = await open("few");
  const payer = await someone(fake);
  await act(async () => router.navigate({ to: "/buyers/$buyer", params: { buyer: payer } }));
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  expect(await within(drawer).findByText("Served as the caps allow.")).toBeTruthy();
  await person.click(within(drawer).getByRole("button", { name: "Block…" }));
  const question = await screen.findByRole("alertdialog", { name: "Block this buyer?" });
  expect(question.textContent).toContain(payer);
  expect(standings(fake)).toEqual([]);
  await person.click(within(question).getByRole("button", { name: "Block the buyer" }));
  expect(await screen.findByText("The buyer is blocked")).toBeTruthy();
  await waitFor(() => expect(within(drawer).getByRole("button", { name: "Unblock" })).toBeTruthy());
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  await person.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(standings(fake)).toEqual(["blocked", "normal"]));
  expect(await within(drawer).findByRole("button", { name: "Block…" })).toBeTruthy();
});

test("trusting says what is at stake and asks first, and stops at one press", async () => {
  const { fake, person } = await open("few", "/buyers?show=recent");
  const payer = await someone(fake);
  await person.type(await screen.findByRole("textbox", { name: "Find an address" }), `${payer}{Enter}`);
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  await person.click(await within(drawer).findByRole("button", { name: "Trust…" }));
  const question = await screen.findByRole("alertdialog", { name: /^Trust this buyer/ });
  expect(question.textContent).toContain("If the money is gone by then, it is your loss.");
  await person.click(within(question).getByRole("button", { name: "Trust the buyer" }));
  await person.click(await within(drawer).findByRole("button", { name: "Stop trusting" }));
  await waitFor(() => expect(standings(fake)).toEqual(["trusted", "normal"]));
});

test("an address that never paid can be blocked before it does", async () => {
  const { fake, person } = await open("few", `/buyers/${NOBODY}`);
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  expect(await within(drawer).findByText("This address has not bought anything yet.")).toBeTruthy();
  await person.click(within(drawer).getByRole("button", { name: "Block…" }));
  await person.click(await screen.findByRole("button", { name: "Block the buyer" }));
  expect(await within(drawer).findByRole("button", { name: "Unblock" })).toBeTruthy();
  expect(standings(fake)).toEqual(["blocked"]);
  await person.click(screen.getByRole("radio", { name: "Blocked" }));
  expect((await rows())[0]?.textContent?.toLowerCase()).toContain(NOBODY.toLowerCase());
});

test("a refusal stays in the question with its details", async () => {
  const { fake, person } = await open("few", `/buyers?block=${NOBODY}`);
  fake.failNext("payer_set", "file", 1, "The data file cannot be written: disk full.");
  const question = await screen.findByRole("alertdialog", { name: "Block this buyer?" });
  await person.click(within(question).getByRole("button", { name: "Block the buyer" }));
  expect((await within(question).findByRole("alert")).textContent).toContain("disk full");
  await person.click(within(question).getByRole("button", { name: "Copy details" }));
  expect(fake.copied[0]).toContain("code: file");
  await person.click(within(question).getByRole("button", { name: "Block the buyer" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

test("what is done at one press says in the corner when it was not done", async () => {
  const { fake, router, person } = await open("hostile", "/buyers?show=blocked");
  const [row] = await rows();
  await person.click(row as HTMLElement);
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  fake.failNext("payer_set", "file", 1, "The data file cannot be written: disk full.");
  await person.click(await within(drawer).findByRole("button", { name: "Unblock" }));
  expect(await screen.findByText("The buyer's standing was not changed")).toBeTruthy();
  expect(screen.getByText("The data file cannot be written: disk full.")).toBeTruthy();
  await person.click(within(drawer).getByRole("button", { name: "Unblock" }));
  expect(await within(drawer).findByRole("button", { name: "Block…" })).toBeTruthy();
  expect(router.state.location.search).toEqual({ show: "blocked" });
});

test("a buyer's payments are listed, and lead to all of them", async () => {
  const { fake, router, person } = await open("full");
  const payer = await someone(fake, "settled");
  await act(async () => router.navigate({ to: "/buyers/$buyer", params: { buyer: payer } }));
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  await person.click(await within(drawer).findByRole("link", { name: "All payments of this buyer" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/payments"));
  const { items } = (await fake.call("payer_list", { sort: "settled", limit: 1 })) as {
    items: { accepted: { payments: number } }[];
  };
  const summary = await screen.findByRole("list", { name: "What the payments shown come to" });
  const count = items[0]?.accepted.payments ?? 0;
  // Voided payments are listed, and are no purchase.
  await waitFor(() => expect(Number.parseInt(summary.textContent ?? "", 10)).toBeGreaterThanOrEqual(count));
  expect(Number.parseInt(summary.textContent ?? "", 10)).toBeLessThan(count + 5);
  await person.click(screen.getByRole("button", { name: /Show those of all buyers/ }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test("a buyer is blocked from one of their payments, without leaving it", async () => {
  const { fake, router, person } = await open("few", "/payments");
  const { items } = (await fake.call("payment_list", { limit: 1 })) as {
    items: { id: string; payer: string }[];
  };
  await act(async () =>
    router.navigate({ to: "/payments/$payment", params: { payment: items[0]?.id ?? "" } }),
  );
  const drawer = await screen.findByRole("dialog", { name: /^Payment/ });
  await person.click(await within(drawer).findByRole("link", { name: "Block…" }));
  await person.click(await screen.findByRole("button", { name: "Block the buyer" }));
  expect(await within(drawer).findByText("Blocked")).toBeTruthy();
  expect(router.state.location.pathname).toBe(`/payments/${items[0]?.id}`);
  expect(fake.calls.findLast(({ name }) => name === "payer_set")?.body).toEqual({
    payer: items[0]?.payer,
    standing: "blocked",
  });
});

test("hidden amounts are covered everywhere in the list and the drawer", async () => {
  prefer({ amountsHidden: true });
  const { fake, router } = await open("few");
  const payer = await someone(fake);
  await act(async () => router.navigate({ to: "/buyers/$buyer", params: { buyer: payer } }));
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  await within(drawer).findByText("Settled");
  await rows();
  expect(screen.getByRole("main").textContent).not.toMatch(/\$\d/);
});

test("whoever is unblocked after a payment came to nothing pays first, as before", async () => {
  const { fake, person } = await open("attention", "/buyers?show=lost");
  const { items } = (await fake.call("payer_list", { sort: "lost", limit: 1 })) as PayerList;
  const payer = items[0]?.payer ?? "";
  await fake.call("payer_set", { payer, standing: "blocked" });
  await person.type(await screen.findByRole("textbox", { name: "Find an address" }), `${payer}{Enter}`);
  const drawer = await screen.findByRole("dialog", { name: "Buyer" });
  await person.click(await within(drawer).findByRole("button", { name: "Unblock" }));
  expect(await screen.findByText("The buyer pays up front from now on")).toBeTruthy();
  expect(standings(fake).at(-1)).toBe("unblocked");
  await waitFor(() =>
    expect(within(drawer).getByRole("button", { name: "Let them pay later" })).toBeTruthy(),
  );
});
