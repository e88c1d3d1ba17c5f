// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paymentView } from "../../platform/fake/payment-view";
import { tellOthers } from "../../platform/fake/webhooks";
import { prefer, preferences } from "../../ui/preferences";
import { remembered } from "../../ui/remembered";
import { giveRoom, show } from "./testing";

beforeEach(giveRoom);
afterEach(() => {
  cleanup();
  prefer({ hiddenColumns: [], columnOrder: [], columnWidths: {}, savedViews: [] });
  vi.restoreAllMocks();
});

const count = () => Number(screen.getByRole("grid").getAttribute("aria-rowcount")) - 1;

test("a search with operators narrows the list, stands in the address and is remembered", async () => {
  const { router, fake } = show("few", "/payments");
  const field = await screen.findByRole("searchbox", { name: "Search payments" });
  await screen.findByRole("grid");
  const [title] = fake.stall.shelf.endpoints.map((endpoint) => endpoint.title);
  await userEvent.type(field, `status:ready amount:>0.01 product:"${title}"{Enter}`);
  await waitFor(() =>
    expect(router.state.location.search).toMatchObject({ states: ["queued"], least: "0.01" }),
  );
  expect(router.state.location.search).toHaveProperty("endpoint");
  expect(router.state.location.search).not.toHaveProperty("q");
  expect(remembered("/payments")).toEqual(router.state.location.search);
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(() => expect(remembered("/payments")).toEqual({}));
});

test("a payment is found by the beginning of its id while it is typed", async () => {
  const { fake } = show("few", "/payments");
  const { items } = (await fake.call("payment_list", { limit: 20 })) as { items: { id: string }[] };
  const id = items[19]?.id ?? "";
  await screen.findByRole("grid");
  await userEvent.type(screen.getByRole("searchbox"), id.slice(0, 8));
  await waitFor(() => expect(count()).toBe(1));
  expect(screen.getAllByRole("row")[1]?.dataset.row).toBe(id);
});

test("X selects a row and Shift-X all up to another, and what they come to stands where the filters were", async () => {
  show("few", "/payments");
  await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(5));
  screen.getAllByRole("row")[1]?.focus();
  await userEvent.keyboard("xjj{Shift>}X{/Shift}");
  expect(await screen.findByText(/^3 selected/)).toBeTruthy();
  expect(screen.queryByRole("searchbox")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Do something to 3" }));
  expect(await screen.findByRole("searchbox")).toBeTruthy();
});

test("a column that was left out stays away", async () => {
  show("few", "/payments");
  await screen.findByRole("columnheader", { name: "Buyer" });
  await userEvent.click(await screen.findByRole("button", { name: "Choose columns" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Buyer" }));
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: "Buyer" })).toBeNull());
});

test("columns are moved and made wider by keys and by the pointer, and stay so", async () => {
  show("few", "/payments");
  const headers = () => screen.getAllByRole("columnheader").map(({ textContent }) => textContent);
  await screen.findByRole("grid");
  expect(headers().slice(1, 4)).toEqual(["Date", "Amount", "State"]);
  await userEvent.click(await screen.findByRole("button", { name: "Choose columns" }));
  await userEvent.click(await screen.findByRole("button", { name: "Move Amount earlier" }));
  expect(headers().slice(1, 4)).toEqual(["Amount", "Date", "State"]);
  screen.getByRole("button", { name: "Make Endpoint wider" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(preferences().columnWidths).toEqual({ "payments.endpoint": 13 });
  expect(screen.getAllByRole("row")[0]?.style.gridTemplateColumns).toContain("13rem");
  const edge = document.querySelector<HTMLElement>('[data-column-edge="payments.date"]');
  Object.assign(edge ?? {}, { setPointerCapture: () => {}, hasPointerCapture: () => true });
  fireEvent.pointerDown(edge as HTMLElement, { clientX: 100 });
  fireEvent.pointerMove(edge as HTMLElement, { clientX: 260 });
  expect(preferences().columnWidths["payments.date"]).toBe(10);
  fireEvent.doubleClick(edge as HTMLElement);
  expect(preferences().columnWidths["payments.date"]).toBeUndefined();
  await userEvent.click(screen.getByRole("button", { name: "Usual columns" }));
  expect(headers().slice(1, 4)).toEqual(["Date", "Amount", "State"]);
});

test("a filter with a name is found again, and one that was deleted comes back by Undo", async () => {
  const { router } = show("few", '/payments?states=["queued"]&least="0.01"');
  await screen.findByRole("button", { name: "Views" });
  await userEvent.click(screen.getByRole("button", { name: "Views" }));
  await userEvent.type(
    await screen.findByRole("textbox", { name: "Name of this view" }),
    "<b>Waiting</b>{Enter}",
  );
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
  await userEvent.click(screen.getByRole("button", { name: "Views" }));
  await userEvent.click(await screen.findByRole("button", { name: "<b>Waiting</b>" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ states: ["queued"], least: "0.01" }));
  await userEvent.click(screen.getByRole("button", { name: "Views" }));
  await userEvent.click(await screen.findByRole("button", { name: "Delete <b>Waiting</b>" }));
  expect(preferences().savedViews).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(preferences().savedViews.map(({ name }) => name)).toEqual(["<b>Waiting</b>"]);
});

test("the drawer says what settling cost, keeps a note, and sends a webhook's message again", async () => {
  const { fake, router } = show("few", "/payments", ({ stall }) => tellOthers(stall));
  const [told] = fake.stall.webhooks.messages;
  const id = told?.about ?? "";
  await screen.findByRole("grid");
  await act(async () => router.navigate({ to: `/payments/${id}` as never }));
  const drawer = await screen.findByRole("dialog");
  await userEvent.click(
    (await within(drawer).findAllByRole("button", { name: "Redeliver" }))[0] as HTMLElement,
  );
  await waitFor(() => expect(fake.calls.some(({ name }) => name === "webhook_redeliver")).toBe(true));
  const note = await within(drawer).findByRole("textbox", { name: "Note" });
  await userEvent.type(note, "asked for an invoice");
  await userEvent.click(within(drawer).getByRole("button", { name: "Save note" }));
  await waitFor(() => expect(fake.stall.book.find(id).note).toBe("asked for an invoice"));
  await userEvent.click((await screen.findAllByRole("button", { name: "Undo" }))[0] as HTMLElement);
  await waitFor(() => expect(fake.stall.book.find(id).note).toBeUndefined());
  const paid = fake.stall.book.payments.find(({ state, batch }) => state === "settled" && batch !== null);
  await act(async () =>
    router.navigate({ to: `/payments/${paymentView(fake.stall.seed, paid as never).id}` as never }),
  );
  expect(await within(drawer).findByText("Fee share")).toBeTruthy();
  expect(within(drawer).getByText("Net")).toBeTruthy();
});
