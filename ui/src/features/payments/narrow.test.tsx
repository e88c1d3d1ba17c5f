// @vitest-environment happy-dom
import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prefer } from "../../ui/preferences";
import { remembered } from "../../ui/remembered";
import { giveRoom, show } from "./testing";

beforeEach(giveRoom);
afterEach(() => {
  cleanup();
  prefer({ hiddenColumns: [] });
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
  await userEvent.click(screen.getByRole("button", { name: "Choose columns" }));
  await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Buyer" }));
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: "Buyer" })).toBeNull());
});
