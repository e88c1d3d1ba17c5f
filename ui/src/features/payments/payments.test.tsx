// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prefer } from "../../ui/preferences";
import { giveRoom, show } from "./testing";

beforeEach(giveRoom);
afterEach(() => {
  cleanup();
  prefer({ amountsHidden: false, absoluteTimes: false, letterKeys: true });
  vi.restoreAllMocks();
});

const PROBLEMS = '/payments?states=["failed","expired","cancelled","diverted"]';

/** The rows in sight, without the header. */
async function rows() {
  await screen.findByRole("grid");
  await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(1));
  return screen.getAllByRole("row").slice(1);
}

const summary = () =>
  within(screen.getByRole("list", { name: "What the payments shown come to" }))
    .getAllByRole("listitem")
    .map(({ textContent }) => textContent);

test("the sums of what is shown stand side by side, and follow the filter", async () => {
  show("few", "/payments");
  await rows();
  expect(summary()).toEqual(["61 payments", "$18.675settled", "$4.065pending", "$0.20needs attention"]);
  await userEvent.click(screen.getByRole("button", { name: /^Problems/ }));
  await waitFor(() =>
    expect(summary()).toEqual(["1 payment", "$0.00settled", "$0.00pending", "$0.20needs attention"]),
  );
});

test("filters stand in the address, count what they would show, and Back undoes them", async () => {
  const { router } = show("few", "/payments");
  await rows();
  const ready = screen.getByRole("button", { name: "Ready 12" });
  await userEvent.click(ready);
  await waitFor(() => expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("13"));
  expect(ready.getAttribute("aria-pressed")).toBe("true");
  expect(router.state.location.search).toEqual({ states: ["queued"] });
  await act(async () => router.history.back());
  await waitFor(() => expect(ready.getAttribute("aria-pressed")).toBe("false"));
  expect(screen.queryByRole("button", { name: "Clear filters" })).toBeNull();
});

test("one endpoint's payments are shown and counted, also when it is sold no more", async () => {
  const removed: { id: string; title: string } = { id: "", title: "" };
  const { router, fake } = show("few", "/payments", ({ stall }) => {
    const endpoint = stall.shelf.find("/field-notes");
    stall.shelf.put(endpoint, "removed");
    Object.assign(removed, { id: endpoint.id, title: endpoint.title });
  });
  await rows();
  await act(async () =>
    router.navigate({ to: "/payments", search: { endpoint: removed.id } as never, replace: true }),
  );
  const filter = await screen.findByRole("combobox", { name: "Endpoint" });
  await waitFor(() => expect(filter.textContent).toContain(removed.title));
  const ready = fake.stall.book.queued().filter(({ endpoint }) => endpoint.id === removed.id).length;
  expect(await screen.findByRole("button", { name: `Ready ${ready}` })).toBeDefined();
  for (const row of await rows()) {
    expect(row.textContent).toContain(removed.title);
  }
});

test("a new payment comes to the top by itself and is said politely", async () => {
  const { fake, clock } = show("few", "/payments");
  await rows();
  const id = fake.buy();
  fake.buy();
  await act(async () => clock.advance(300));
  await waitFor(async () => expect((await rows())[1]?.dataset.row).toBe(id));
  await waitFor(() => expect(screen.getByText("2 new payments").closest("output")).not.toBeNull());
});

test("a payment opens beside its list, J and K go on from it, and Esc gives its row the focus", async () => {
  const { router } = show("few", "/payments");
  const [first, second, third] = await rows();
  first?.focus();
  await userEvent.keyboard("j{Enter}");
  const drawer = await screen.findByRole("dialog");
  expect(router.state.location.pathname).toBe(`/payments/${second?.dataset.row}`);
  await waitFor(() => expect(document.activeElement).toBe(drawer));
  await userEvent.keyboard("j");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/payments/${third?.dataset.row}`));
  await userEvent.keyboard("kk");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/payments/${first?.dataset.row}`));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() =>
    expect((document.activeElement as HTMLElement | null)?.dataset.row).toBe(first?.dataset.row),
  );
});

test("beside an open payment J and K lead to the next one, also from a row; turned off, they do nothing", async () => {
  const { router } = show("few", "/payments");
  const [first, second, third] = await rows();
  await userEvent.click(first as HTMLElement);
  await screen.findByRole("dialog");
  first?.focus();
  await userEvent.keyboard("j");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/payments/${second?.dataset.row}`));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(second));
  prefer({ letterKeys: false });
  await userEvent.keyboard("j");
  expect(document.activeElement).toBe(second);
  await userEvent.keyboard("{ArrowDown}");
  expect(document.activeElement).toBe(third);
});

test("the drawer tells each step with its time, and how long it took", async () => {
  show("few", '/payments?states=["settled"]');
  const [first] = await rows();
  await userEvent.click(first as HTMLElement);
  const drawer = within(await screen.findByRole("dialog"));
  expect(await drawer.findByText("Payment accepted")).toBeDefined();
  const steps = drawer.getAllByRole("listitem").map(({ textContent }) => textContent ?? "");
  expect(steps.map((text) => text.replace(/(Nov|7\.).*$/, ""))).toEqual([
    "Payment accepted",
    "Delivered",
    "Taken into batch #1",
    "Transaction sent",
    "In block 41,000,007",
    "Settled",
    "Final: nothing can take it back",
  ]);
  expect(steps[4]).toContain("after 2 sec");
  for (const step of drawer.getAllByRole("listitem")) {
    expect(step.querySelector("svg")?.classList).toContain("text-settled");
  }
});

test("what a batch gave back is in no batch while it waits, and the timeline tells of the try", async () => {
  const { fake, clock } = show("few", '/payments?states=["queued"]', ({ stall }) => {
    for (const waiting of stall.book.queued()) {
      waiting.doom = "paused";
    }
  });
  await rows();
  await act(async () => {
    await fake.call("settle", {});
    clock.advance(10_000);
  });
  await screen.findByRole("button", { name: "Ready 12" });
  for (const row of await rows()) {
    expect(row.textContent).toContain("In no batch");
  }
  await userEvent.click((await rows())[0] as HTMLElement);
  const drawer = within(await screen.findByRole("dialog"));
  const returned = (await drawer.findByText("Not settled by batch #2: back in the queue")).closest("li");
  expect(returned?.textContent).toContain("The token's issuer has paused all transfers.");
  expect(returned?.previousElementSibling?.textContent).toContain("Taken into batch #2");
  expect(returned?.nextElementSibling?.textContent).toContain("Waits to be settled again");
  expect(drawer.queryByText("#2")).toBeNull();
});

test("a failed payment that is tried again keeps the try that failed in its timeline", async () => {
  const { fake, clock, router } = show("few", '/payments?states=["failed"]', ({ stall }) => {
    stall.settler.enter(
      stall.book.payments.filter(({ state }) => state === "failed"),
      "seller",
      stall.clock.now() - 60_000,
    );
  });
  const [row] = await rows();
  await act(async () => {
    await fake.call("payment_retry", { payments: [row?.dataset.row ?? ""], later: true });
    clock.advance(300);
  });
  await act(async () => router.navigate({ to: `/payments/${row?.dataset.row}` as never }));
  const drawer = within(await screen.findByRole("dialog"));
  await drawer.findByText("Waits to be settled again");
  const steps = drawer.getAllByRole("listitem").map(({ textContent }) => textContent ?? "");
  expect(steps.map((text) => text.replace(/(Nov|The buyer).*$/, "")).slice(2, 4)).toEqual([
    "Taken into batch #2",
    "Failed",
  ]);
});

test("a list with little room keeps its filters in two lines, and has the others behind a button", async () => {
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 528, 32));
  const { router } = show("attention", '/payments?states=["queued"]');
  await rows();
  expect(await screen.findByRole("button", { name: "Clear filters" })).toBeDefined();
  expect(screen.queryByRole("combobox", { name: "Endpoint" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "More filters" }));
  const more = within(await screen.findByRole("dialog", { name: "More filters" }));
  expect(more.getByRole("combobox", { name: "Endpoint" })).toBeDefined();
  await userEvent.click(more.getByRole("button", { name: "Broken off" }));
  expect(router.state.location.search).toEqual({ states: ["queued"], delivery: "interrupted" });
  expect(await screen.findByRole("button", { name: "More filters 1" })).toBeDefined();
});

test("what broke off is shown alone, with what helps its buyers, and the address says so", async () => {
  const { router } = show("attention", "/payments");
  await userEvent.click(await screen.findByRole("button", { name: "Broken off" }));
  await waitFor(async () => expect(await rows()).toHaveLength(1));
  expect(screen.getByText(/goes on where it stopped/)).toBeDefined();
  expect(router.state.location.search).toEqual({ delivery: "interrupted" });
  await userEvent.click(screen.getByRole("button", { name: "Not fetched" }));
  expect(await screen.findByRole("heading", { name: "No payment matches" })).toBeDefined();
});

test("the buyer's receipt is copied and opened, and links that were passed on are ended after a question", async () => {
  const { fake } = show("few", '/payments?states=["settled"]');
  await userEvent.click((await rows())[0] as HTMLElement);
  await userEvent.click(await screen.findByRole("button", { name: "Copy the receipt's link" }));
  await userEvent.click(screen.getByRole("button", { name: "Open the receipt" }));
  expect(fake.copied[0]).toMatch(/^http:\/\/127\.0\.0\.1:4021\/r\/[0-9a-f]+$/);
  expect(fake.opened).toEqual(fake.copied);
  const ended = () => fake.calls.filter(({ name }) => name === "payment_end_links");
  await userEvent.click(screen.getByRole("button", { name: "End the links…" }));
  await userEvent.keyboard("{Enter}");
  expect(ended()).toHaveLength(0);
  fake.failNext("payment_end_links", "file", 1, "The disk is full.");
  await userEvent.click(screen.getByRole("button", { name: "End the links…" }));
  await userEvent.click(await screen.findByRole("button", { name: "End the links" }));
  expect(await screen.findByText("The disk is full.")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "End the links" }));
  expect(await screen.findByText("The links of this payment are over")).toBeDefined();
  expect(ended()).toHaveLength(2);
});

test("practice has no explorer; on a test network a transaction opens there", async () => {
  show("few", '/payments?states=["settled"]');
  await userEvent.click((await rows())[0] as HTMLElement);
  await screen.findByText("Transaction sent");
  expect(screen.queryByRole("button", { name: /in the explorer/ })).toBeNull();
  cleanup();
  const { fake } = show("few", '/payments?states=["settled"]', ({ stall }) => {
    stall.environment = "test";
  });
  await userEvent.click((await rows())[0] as HTMLElement);
  await screen.findByText("Transaction sent");
  const [button] = await screen.findAllByRole("button", {
    name: "Show the transaction's hash in the explorer",
  });
  await userEvent.click(button as HTMLElement);
  expect(fake.opened[0]).toMatch(/^https:\/\/sepolia\.basescan\.org\/tx\/0x[0-9a-f]{64}$/);
});

test("hidden amounts are written nowhere, also not in the drawer", async () => {
  prefer({ amountsHidden: true });
  show("attention", PROBLEMS);
  await userEvent.click((await rows())[0] as HTMLElement);
  await screen.findByText("What happened");
  expect(document.body.innerHTML).not.toMatch(/\$\d/);
});

test("dates change between how long ago and date with time, all at once", async () => {
  show("few", "/payments");
  expect((await rows())[1]?.querySelector("time")?.textContent).not.toMatch(/\d:\d/);
  await userEvent.click(screen.getByRole("button", { name: /^Date, how long ago/ }));
  for (const row of await rows()) {
    expect(row.querySelector("time")?.textContent).toMatch(/^Nov \d+, 2026, \d\d:\d\d:\d\d/);
  }
});

test("without payments it says what to do: share a link, price a file, or turn the stall on", async () => {
  const { fake, clock } = show("empty", "/payments");
  expect(await screen.findByRole("link", { name: "Price a file" })).toBeDefined();
  await act(async () => {
    await fake.call("endpoint_add", { file: "/home/ada/a.jpg", path: "/a", price: "0.05" });
    clock.advance(300);
  });
  await userEvent.click(await screen.findByRole("button", { name: "Copy link" }));
  expect(fake.copied).toEqual(["http://127.0.0.1:4021/a"]);
  await act(async () => {
    await fake.call("stall_set", { selling: false });
    clock.advance(300);
  });
  await userEvent.click(await screen.findByRole("button", { name: "Turn the stall on" }));
  await waitFor(() => expect(fake.stall.isSelling).toBe(true));
});

test("a filter that nothing matches can be cleared", async () => {
  const { router } = show("empty", PROBLEMS);
  expect(await screen.findByRole("heading", { name: "No payment matches" })).toBeDefined();
  const [, inTheMiddle] = screen.getAllByRole("button", { name: "Clear filters" });
  await userEvent.click(inTheMiddle as HTMLElement);
  await waitFor(() => expect(router.state.location.search).toEqual({}));
  expect(await screen.findByRole("heading", { name: "No payments yet" })).toBeDefined();
});

test("a list that cannot be loaded says why, and shows its rows when it is tried again", async () => {
  show("few", "/payments", (fake) => fake.failNext("payment_list", "file", 1, "The disk cannot be read."));
  expect((await screen.findByRole("alert")).textContent).toContain("The disk cannot be read.");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect((await rows()).length).toBeGreaterThan(5);
});

test("older payments that could not be loaded are asked again only when somebody wants it", async () => {
  const { fake } = show("hostile", "/payments");
  await rows();
  fake.failNext("payment_list", "file", 1, "The disk cannot be read.");
  const scroller = screen.getByRole("grid").parentElement as HTMLElement;
  scroller.scrollTop = 3200;
  fireEvent.scroll(scroller);
  expect((await screen.findByRole("alert")).textContent).toContain("The next rows could not be loaded.");
  const asked = fake.calls.length;
  await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
  expect(fake.calls.length).toBe(asked);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("a payment that does not exist is said so, and the list stays", async () => {
  show("few", "/payments/00000000-0000-0000-0000-000000000000");
  expect(await screen.findByRole("heading", { name: "This payment could not be shown" })).toBeDefined();
  expect((await rows()).length).toBeGreaterThan(5);
});

test("what webhooks were told of a payment is not said to be nothing before it is known", async () => {
  const { fake, router } = show("few", "/payments", (before) => {
    void before.call("webhook_add", { url: "https://example.org" });
    before.failNext("webhook_deliveries", "unavailable", 1, "The stall does not answer.");
    before.neverAnswer("webhook_deliveries");
  });
  const [first] = await rows();
  await act(async () => router.navigate({ to: `/payments/${first?.dataset.row}` as never }));
  await screen.findByRole("heading", { name: "Webhooks" });
  expect(screen.queryByText("No webhook was told of it.")).toBeNull();
  await act(async () => fake.refuseThose("webhook_deliveries"));
  expect(await screen.findByText("The stall does not answer.")).toBeTruthy();
  expect(screen.queryByText("No webhook was told of it.")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No webhook was told of it.")).toBeTruthy();
});
