// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const step = async (title: string) => {
  const heading = await screen.findByRole("heading", { level: 2, name: new RegExp(`^${title}`) });
  return within(heading.closest("li") ?? document.body);
};

test("real money is taken only when each thing that is needed was done from the list", async () => {
  const { fake, person, pass } = show("/live", "live");
  expect(await screen.findByText("1 of 5 done")).toBeTruthy();
  const open = screen.getByRole("button", { name: "Open the stall" });
  expect(open.getAttribute("aria-disabled")).toBe("true");
  await person.click(open);
  expect(fake.calls.some(({ name }) => name === "stall_set")).toBe(false);

  await person.click((await step("A payout address that is yours")).getByRole("button", { name: "Verify…" }));
  const form = within(await screen.findByRole("dialog"));
  await person.type(form.getByLabelText("Signature"), `0x${"1b".repeat(65)}{Enter}`);
  await pass(1000);
  expect((await step("Gas for settling")).getByRole("link").getAttribute("href")).toBe("/settings/wallet");
  await fake.call("wallet_create", { keepIn: "system" });
  fake.setGas(10n ** 17n);
  await pass(1000);
  await waitFor(() => expect(open.getAttribute("aria-disabled")).toBeNull());
  expect(screen.getByText("3 of 5 done")).toBeTruthy();
  await person.click(open);
  await pass(1000);
  expect(await screen.findByText("The stall is open and takes real money.")).toBeTruthy();
  expect(fake.stall.isSelling).toBe(true);
});

test("what the app says against opening is said on the page", async () => {
  const { fake, person, pass } = show("/live", "live", ({ stall }) => {
    stall.wallet.keptIn = "system";
    stall.gas = 10n ** 17n;
    const [row] = stall.networks.rows;
    stall.payouts.verified.set(`${row?.network} ${row?.payTo?.toLowerCase()}`, { by: "signature", at: 0 });
  });
  fake.failNext("stall_set", "conflict", 1, "Real money is not taken yet. The node does not answer.");
  await person.click(await screen.findByRole("button", { name: "Open the stall" }));
  await pass(1000);
  expect((await screen.findByRole("alert")).textContent).toContain("The node does not answer.");
});

test("where money is not real the list is a rehearsal, and opens nothing", async () => {
  show("/live", "few");
  expect(await screen.findByText(/to rehearse. In practice nothing on it is needed to sell/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Open the stall" })).toBeNull();
  expect(screen.queryByText("Needed")).toBeNull();
  expect(screen.getAllByText("Needed with real money").length).toBeGreaterThan(0);
});

test("every page says that real money is not taken yet, and leads to what is missing", async () => {
  show("/payments", "live");
  const link = await screen.findByRole("link", { name: "See what is missing" });
  expect(link.getAttribute("href")).toBe("/live");
});
