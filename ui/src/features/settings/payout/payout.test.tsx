// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const SIGNATURE = `0x${"1b".repeat(65)}`;

test("a payout address is shown to be the seller's by a pasted signature of the message", async () => {
  const { fake, person, asked, pass } = show("/settings", "test");
  await person.click(await screen.findByRole("button", { name: "Verify…" }));
  const form = within(await screen.findByRole("dialog", { name: /Base Sepolia is yours/ }));
  await person.click(form.getByRole("button", { name: "Copy the message" }));
  expect(fake.copied.at(-1)).toBe(
    `I own this address, and my Stallkeeper stall may pay to it:\n${fake.stall.payTo}`,
  );
  const field = form.getByLabelText("Signature");
  await person.type(field, "0x12{Enter}");
  expect(await form.findByText(/A signature is written in hexadecimal digits/)).toBeTruthy();
  await person.clear(field);
  await person.click(field);
  await person.paste(` ${SIGNATURE.slice(0, 40)}\n${SIGNATURE.slice(40)} `);
  await person.click(form.getByRole("button", { name: "Verify" }));
  await waitFor(() =>
    expect(asked("payout_verify").at(-1)).toEqual({ network: "eip155:84532", signature: SIGNATURE }),
  );
  await pass(1000);
  await waitFor(() => expect(screen.getAllByText("Verified")).toHaveLength(2));
  expect(screen.queryByRole("button", { name: "Verify…" })).toBeNull();
});

test("a payment that arrived shows it too, with the end of the address as the wallet shows it", async () => {
  const { fake, person, asked, pass } = show("/settings", "few");
  await person.click(await screen.findByRole("button", { name: "Verify…" }));
  const dialog = within(await screen.findByRole("dialog", { name: /is yours/ }));
  await person.click(dialog.getByRole("radio", { name: "Find a payment" }));
  const word = await dialog.findByLabelText("Last six characters of the address in your wallet");
  await person.type(word, "000000{Enter}");
  expect(dialog.getByText("Those are not the last six characters of the payout address.")).toBeTruthy();
  expect(asked("payout_verify")).toEqual([]);
  await person.clear(word);
  await person.type(word, `${fake.stall.payTo?.slice(-6)}{Enter}`);
  await pass(1000);
  expect(await screen.findByText("Verified")).toBeTruthy();
});

test("Home tells for a day that the money goes elsewhere now, from where and to where", async () => {
  const { fake, pass } = show("/", "test");
  const notice = within(
    await screen.findByRole("region", { name: "The payout address on Base Sepolia was changed" }),
  );
  expect(notice.getByText(fake.stall.payTo ?? "", { selector: "code" })).toBeTruthy();
  expect(notice.getByRole("link", { name: "Look" }).getAttribute("href")).toBe("/settings#payout");
  await pass(22 * 3_600_000);
  fake.setGas(1n);
  await pass(1000);
  await waitFor(() => expect(screen.queryByText(/was changed/)).toBeNull());
});
