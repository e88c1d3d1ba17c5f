// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FailureList } from "../../api/generated/FailureList";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";

const HASH = `0x${"ab".repeat(32)}`;

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  // Countdowns follow the computer's clock, and the stall its own.
  vi.useFakeTimers({ now: OPENING, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function open(address: (fake: Fake) => Promise<string> | string, scenario: Scenario = "attention") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const history = createMemoryHistory({ initialEntries: [await address(fake)] });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
  );
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, history, pass, person: userEvent.setup() };
}

/** The failures of a reason, as the app lists them. */
async function failed(fake: Fake, reason = "underfunded") {
  return ((await fake.call("failure_list", { reason })) as FailureList).items;
}

const asked = (fake: Fake, command: string) =>
  fake.calls.filter(({ name }) => name === command).map(({ body }) => body);

const row = async (reason: string, place = 0) => {
  const group = (await screen.findByRole("heading", { name: reason })).closest("article");
  const rows = await within(group as HTMLElement).findAllByRole("listitem");
  return within(rows[place] as HTMLElement);
};

const UNDERFUNDED = "The buyer's wallet no longer holds enough.";

test("each payment says what is at stake, until when, what was tried and when it is looked at next", async () => {
  await open(() => "/attention");
  const first = await row(UNDERFUNDED);
  expect(first.getByText("$0.20")).toBeTruthy();
  expect(first.getByText("7 min left")).toBeTruthy();
  expect(first.getByText("asked again in 1 min.")).toBeTruthy();
  const expired = await row("The buyer's authorization expired before it was settled.");
  expect(expired.getByText("cannot be settled any more")).toBeTruthy();
});

test("exactly what the app offers is offered, the most helpful thing first", async () => {
  const { fake, person } = await open(() => "/attention");
  const [failure] = await failed(fake);
  expect(failure?.actions).toEqual(["retry_now", "mark_settled_elsewhere", "block_payer", "write_off"]);
  const first = await row(UNDERFUNDED);
  expect(first.getByRole("button", { name: "Try again…" })).toBeTruthy();
  await person.click(first.getByRole("button", { name: /^More for/ }));
  const menu = within(await screen.findByRole("menu"));
  expect(menu.getAllByRole("menuitem").map(({ textContent }) => textContent)).toEqual([
    "It was settled elsewhere…",
    "Block this buyer…",
    "Write off…",
  ]);
});

test("a payment is tried again only after it was asked about, and what holds it up is said", async () => {
  const { fake, person } = await open(() => "/attention");
  const [failure] = await failed(fake);
  await person.click((await row(UNDERFUNDED)).getByRole("button", { name: "Try again…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(asked(fake, "payment_retry")).toEqual([]);
  await person.click(dialog.getByRole("button", { name: "Try again" }));
  await waitFor(() =>
    expect(asked(fake, "payment_retry")).toEqual([{ payments: [failure?.id], later: false }]),
  );
  expect(await dialog.findByText("1 of 1 back in the queue")).toBeTruthy();
  expect(dialog.getByText(/Settling could not begin: The gas wallet holds/)).toBeTruthy();
});

test("trying a wallet that held too little again is no success yet, and the dialog says how it may end", async () => {
  const { fake, pass, person } = await open(() => "/attention");
  fake.stall.gas = 10n ** 18n;
  await person.click((await row(UNDERFUNDED)).getByRole("button", { name: "Try again…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(dialog.getByText(/comes back to Needs attention/)).toBeTruthy();
  await person.click(dialog.getByRole("button", { name: "Try again" }));
  await pass(1000);
  expect(await screen.findByText("1 payment is tried again")).toBeTruthy();
  expect(screen.getByText("Whether the buyer holds enough is seen as it is settled.")).toBeTruthy();
  expect(screen.queryByText(/back in the queue/)).toBeNull();
});

test("all of a reason that can be saved go back into the queue together, to wait for the next settlement", async () => {
  const { fake, pass, person } = await open(() => "/attention");
  const ids = (await failed(fake)).map(({ id }) => id);
  await person.click(await screen.findByRole("button", { name: "Try 5 again…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await person.click(dialog.getByRole("radio", { name: "With the next settlement" }));
  await person.click(dialog.getByRole("button", { name: "Try again" }));
  await pass(1000);
  await waitFor(() => expect(asked(fake, "payment_retry")).toEqual([{ payments: ids, later: true }]));
  await waitFor(() => expect(screen.queryByText(UNDERFUNDED)).toBeNull());
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

test("a retry that was refused says so where it was asked for, with details to copy", async () => {
  const { fake, person } = await open(() => "/attention");
  fake.failNext("payment_retry", "unavailable", 1, "The node does not answer.");
  await person.click((await row(UNDERFUNDED)).getByRole("button", { name: "Try again…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await person.click(dialog.getByRole("button", { name: "Try again" }));
  const alert = within(await dialog.findByRole("alert"));
  expect(alert.getByText("The node does not answer.")).toBeTruthy();
  expect(alert.getByRole("button", { name: "Copy details" })).toBeTruthy();
});

async function elsewhere(person: ReturnType<typeof userEvent.setup>) {
  await person.click((await row(UNDERFUNDED)).getByRole("button", { name: /^More for/ }));
  await person.click(await screen.findByRole("menuitem", { name: "It was settled elsewhere…" }));
  return within(await screen.findByRole("dialog"));
}

test("the transaction that settled a payment is named by its hash or a link, and the chain's answer stays to be read", async () => {
  const { fake, pass, person } = await open(() => "/attention");
  const [failure] = await failed(fake);
  const dialog = await elsewhere(person);
  await person.click(dialog.getByLabelText("Transaction's hash"));
  await person.paste(`https://sepolia.basescan.org/tx/${HASH}`);
  await person.click(dialog.getByRole("button", { name: "Check on the chain" }));
  await pass(1000);
  await waitFor(() =>
    expect(asked(fake, "payment_settled_elsewhere")).toEqual([{ payment: failure?.id, transaction: HASH }]),
  );
  expect(await dialog.findByText("The money arrived.")).toBeTruthy();
  expect(dialog.getByText("Settled")).toBeTruthy();
});

test("what is no hash is said beside the field, and what the chain does not show under it", async () => {
  const { fake, person } = await open(() => "/attention");
  const dialog = await elsewhere(person);
  const field = dialog.getByLabelText("Transaction's hash");
  await person.type(field, "0x12{Enter}");
  expect(await dialog.findByText(/holds no transaction's hash/)).toBeTruthy();
  expect(asked(fake, "payment_settled_elsewhere")).toEqual([]);
  fake.failNext("payment_settled_elsewhere", "conflict", 1, "That transaction is in no block.");
  await person.clear(field);
  await person.type(field, `${HASH}{Enter}`);
  expect(await dialog.findByText("That transaction is in no block.")).toBeTruthy();
});

const drawerOf =
  (reason = "underfunded") =>
  async (fake: Fake) =>
    `/payments/${(await failed(fake, reason))[0]?.id}`;

async function inDrawer(person: ReturnType<typeof userEvent.setup>, item: string) {
  await person.click(await screen.findByRole("button", { name: /^More for/ }));
  await person.click(await screen.findByRole("menuitem", { name: item }));
}

test("a payment is written off from its record after asking, and Undo takes it up again", async () => {
  const { fake, pass, person } = await open(drawerOf());
  const [failure] = await failed(fake);
  await inDrawer(person, "Write off…");
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(asked(fake, "payment_write_off")).toEqual([]);
  await person.click(dialog.getByRole("button", { name: "Write off $0.20" }));
  await pass(1000);
  expect(asked(fake, "payment_write_off")).toEqual([{ payments: [failure?.id] }]);
  expect(await screen.findByText("The payment is written off.")).toBeTruthy();
  await person.click(await screen.findByRole("button", { name: "Undo" }));
  await pass(1000);
  await waitFor(() => expect(asked(fake, "payment_reopen")).toEqual([{ payment: failure?.id }]));
  expect(await screen.findByRole("button", { name: "Try again…" })).toBeTruthy();
});

test("a write-off that failed says so where it was asked for", async () => {
  const { fake, person } = await open(drawerOf());
  await inDrawer(person, "Write off…");
  fake.failNext("payment_write_off", "file", 1, "The disk is full.");
  const dialog = within(await screen.findByRole("alertdialog"));
  await person.click(dialog.getByRole("button", { name: "Write off $0.20" }));
  expect((await dialog.findByRole("alert")).textContent).toContain("The disk is full.");
});

test("what was written off is taken up again with one press", async () => {
  const { fake, pass, person } = await open(async (stall) => {
    const [failure] = await failed(stall);
    await stall.call("payment_write_off", { payments: [failure?.id] });
    return `/payments/${failure?.id}`;
  });
  await person.click(await screen.findByRole("button", { name: "Take up again" }));
  await pass(1000);
  expect(await screen.findByText("The payment is taken up again")).toBeTruthy();
  expect(asked(fake, "payment_reopen")).toHaveLength(1);
});

async function waiting(fake: Fake) {
  const { items } = (await fake.call("payment_list", { states: ["queued"], limit: 1 })) as {
    items: { id: string }[];
  };
  return items[0]?.id ?? "";
}

test("a payment that only waits is settled alone after asking, and the others go on waiting", async () => {
  const { fake, pass, person } = await open(async (stall) => `/payments/${await waiting(stall)}`, "few");
  const id = await waiting(fake);
  const before = fake.stall.book.queued().length;
  expect(await screen.findByRole("link", { name: "Settle now…" })).toBeTruthy();
  await person.click(await screen.findByRole("button", { name: "Settle only this…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(asked(fake, "settle")).toEqual([]);
  await person.click(dialog.getByRole("button", { name: /^Settle \$/ }));
  await waitFor(() =>
    expect(asked(fake, "settle")).toEqual([{ key: expect.any(String), payments: [id], wait: false }]),
  );
  await pass(1000);
  expect(fake.stall.book.queued()).toHaveLength(before - 1);
});

test("a settlement of one payment that cannot begin says why, and is not asked twice", async () => {
  const { fake, person } = await open(async (stall) => `/payments/${await waiting(stall)}`, "few");
  await screen.findByRole("button", { name: "Settle only this…" });
  await act(async () => fake.setGas(0n));
  await person.click(screen.getByRole("button", { name: "Settle only this…" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  await person.click(dialog.getByRole("button", { name: /^Settle \$/ }));
  expect(await dialog.findByText(/^Settling could not begin: The gas wallet holds/)).toBeTruthy();
});
