// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prefer } from "../../ui/preferences";
import { giveRoom, show } from "./testing";

const HASH = `0x${"cd".repeat(32)}`;

beforeEach(giveRoom);
afterEach(() => {
  cleanup();
  prefer({ amountsHidden: false });
  vi.restoreAllMocks();
});

/** The newest settled payment of a small stall, open beside its list. */
async function open() {
  const { fake, clock } = show("few", '/payments?states=["settled"]');
  await screen.findByRole("grid");
  const [, row] = await screen.findAllByRole("row");
  await userEvent.click(row as HTMLElement);
  await userEvent.click(await screen.findByRole("button", { name: "Refund…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Give this payment back" }));
  return { fake, clock, dialog, id: (row as HTMLElement).dataset.row ?? "" };
}

const recorded = (fake: { calls: { name: string; body: unknown }[] }) =>
  fake.calls.filter(({ name }) => name === "refund_record").map(({ body }) => body);

test("a refund is a transfer for the seller's own wallet, recorded by the hash of what was sent", async () => {
  const { fake, clock, dialog, id } = await open();
  await userEvent.click(await dialog.findByRole("button", { name: "Copy as a link" }));
  expect(fake.copied[0]).toMatch(
    /^ethereum:0x[0-9a-fA-F]{40}@84532\/transfer\?address=0x[0-9a-f]{40}&uint256=/,
  );
  await userEvent.type(dialog.getByLabelText("Transaction's hash"), HASH);
  await userEvent.type(dialog.getByLabelText("Note"), "Wrong file");
  await userEvent.click(dialog.getByRole("button", { name: "Record the refund" }));
  await waitFor(() =>
    expect(recorded(fake)).toEqual([{ payment: id, transaction: HASH, note: "Wrong file" }]),
  );
  await act(async () => clock.advance(300));
  expect(await screen.findByText("Given back")).toBeDefined();
  expect(screen.getByText("Wrong file")).toBeDefined();
});

test("a part is given back at the amount that was typed, and never more than arrived", async () => {
  const { fake, dialog, id } = await open();
  const amount = await dialog.findByLabelText("How much");
  await userEvent.clear(amount);
  await userEvent.type(amount, "1000");
  expect(await dialog.findByText(/left to give back/)).toBeDefined();
  await userEvent.clear(amount);
  await userEvent.type(amount, "0,01");
  await userEvent.type(dialog.getByLabelText("Transaction's hash"), HASH);
  await userEvent.click(dialog.getByRole("button", { name: "Record the refund" }));
  await waitFor(() => expect(recorded(fake)).toEqual([{ payment: id, transaction: HASH, amount: "0.01" }]));
});

test("what the chain does not show is said under the hash, and nothing is closed", async () => {
  const { fake, dialog } = await open();
  await userEvent.click(dialog.getByRole("button", { name: "Record the refund" }));
  expect(await dialog.findByText(/holds no transaction's hash/)).toBeDefined();
  fake.failNext("refund_record", "unavailable", 1, "That transaction is not final yet.");
  await userEvent.type(dialog.getByLabelText("Transaction's hash"), HASH);
  await userEvent.click(dialog.getByRole("button", { name: "Record the refund" }));
  expect(await dialog.findByText("That transaction is not final yet.")).toBeDefined();
  expect(dialog.getByRole("button", { name: "Copy details" })).toBeDefined();
});

test("hidden amounts are hidden in a refund too", async () => {
  prefer({ amountsHidden: true });
  const { dialog } = await open();
  await dialog.findByRole("img", { name: "QR code of the transfer, for a wallet" });
  expect(document.body.innerHTML).not.toMatch(/\$\d/);
});
