// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prefer } from "../../../ui/preferences";
import { show } from "../testing";

beforeEach(() => {
  localStorage.clear();
  prefer({ amountsHidden: false });
});
afterEach(cleanup);

const SECRET = "correct horse battery";
const wallet = "/settings/wallet";

const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

/** Everything that the window keeps between two answers. */
function kept(client: ReturnType<typeof show>["client"]): string {
  const queries = client.getQueryCache().getAll();
  const mutations = client.getMutationCache().getAll();
  return JSON.stringify([
    queries.map(({ state }) => state),
    mutations.map(({ state }) => state),
    localStorage,
  ]);
}

test("a wallet is created in an encrypted file, and its passphrase is sent once and kept nowhere (I12)", async () => {
  const { person, asked, client, container, pass } = show(wallet, "live");
  await person.click(await screen.findByRole("button", { name: "Create a new one…" }));
  const form = await dialog("Create a gas wallet");
  await person.click(form.getByRole("radio", { name: "An encrypted file" }));
  await person.type(form.getByLabelText("New passphrase"), "short");
  await person.click(form.getByRole("button", { name: "Create the wallet" }));
  expect(form.getByText("A passphrase has at least 8 characters.")).toBeTruthy();
  await person.clear(form.getByLabelText("New passphrase"));
  await person.type(form.getByLabelText("New passphrase"), SECRET);
  await person.type(form.getByLabelText("The same again"), `${SECRET}!`);
  await person.click(form.getByRole("button", { name: "Create the wallet" }));
  expect(form.getByText("The two are not the same.")).toBeTruthy();
  expect(asked("wallet_create")).toEqual([]);
  await person.clear(form.getByLabelText("The same again"));
  await person.type(form.getByLabelText("The same again"), `${SECRET}{Enter}`);
  await waitFor(() =>
    expect(asked("wallet_create")).toEqual([{ keepIn: "file", replace: false, passphrase: SECRET }]),
  );
  await pass(1000);
  expect(await screen.findByText("The wallet is unlocked")).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Create a gas wallet" })).toBeNull());
  expect(kept(client)).not.toContain(SECRET);
  expect(container.ownerDocument.body.innerHTML).not.toContain(SECRET);
});

test("a wallet is unlocked with its passphrase; a wrong one is said beside the field, which is empty then", async () => {
  const { person, asked, client, pass } = show(wallet, "test");
  await person.click(await screen.findByRole("button", { name: "Lock now" }));
  await pass(1000);
  expect(await screen.findByText("Nothing is settled until you unlock it.")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Unlock" }));
  const form = await dialog("Unlock the gas wallet");
  const field = form.getByLabelText<HTMLInputElement>("Passphrase");
  expect(field.type).toBe("password");
  await person.type(field, "wrong horse{Enter}");
  expect(await form.findByText("That is not the passphrase of the gas wallet.")).toBeTruthy();
  expect(field.value).toBe("");
  await person.clear(field);
  await person.type(field, `${SECRET}{Enter}`);
  await waitFor(() => expect(asked("wallet_unlock")).toHaveLength(2));
  await pass(1000);
  expect(await screen.findByText("The wallet is unlocked")).toBeTruthy();
  expect(asked("wallet_unlock")).toEqual([{ passphrase: "wrong horse" }, { passphrase: SECRET }]);
  expect(kept(client)).not.toContain(SECRET);
});

test("a key file is imported by its path and passphrase, in the place of the wallet that gives way", async () => {
  const { fake, person, asked, pass } = show(wallet, "test");
  const before = fake.stall.gasWallet().address;
  fake.pickNext("/home/ada/old-key.json");
  await person.click(await screen.findByRole("button", { name: "Import a key…" }));
  const form = await dialog("Import a key");
  expect(form.getByText(before)).toBeTruthy();
  await person.click(form.getByRole("button", { name: "Choose…" }));
  await waitFor(() =>
    expect(form.getByLabelText<HTMLInputElement>("File").value).toBe("/home/ada/old-key.json"),
  );
  await person.click(form.getByRole("button", { name: "Import the key" }));
  expect((await form.findByRole("alert")).textContent).toContain("This key file needs its passphrase.");
  await person.type(form.getByLabelText("Passphrase of the key file"), `${SECRET}{Enter}`);
  await waitFor(() => expect(asked("wallet_import")).toHaveLength(2));
  expect(asked("wallet_import")[1]).toEqual({
    file: "/home/ada/old-key.json",
    keepIn: "system",
    replace: true,
    filePassphrase: SECRET,
  });
  await pass(1000);
  await waitFor(() => expect(screen.queryByText(before)).toBeNull());
});

test("the key is saved only behind the typed end of its address, to a file that was chosen", async () => {
  const { fake, person, asked } = show(wallet, "test");
  await person.click(await screen.findByRole("button", { name: "Save to a file…" }));
  const form = await dialog("Save the key to a file");
  await person.click(form.getByRole("button", { name: "Choose where…" }));
  await person.type(form.getByLabelText("Passphrase for the file"), SECRET);
  await person.type(form.getByLabelText("The same again"), `${SECRET}{Enter}`);
  expect(form.getByText("Those are not the last six characters of the address.")).toBeTruthy();
  expect(asked("wallet_export")).toEqual([]);
  const word = fake.stall.gasWallet().address.slice(-6).toUpperCase();
  await person.type(form.getByLabelText("Type the last six characters of its address"), `${word}{Enter}`);
  await waitFor(() =>
    expect(asked("wallet_export")).toEqual([{ file: "/home/ada/gas-wallet.json", word, passphrase: SECRET }]),
  );
  expect(await screen.findByText("The key was saved")).toBeTruthy();
});

test("the time after which it locks itself is set at once and taken back with Undo", async () => {
  const { fake, person, asked, pass } = show(wallet, "test");
  await person.click(await screen.findByRole("combobox", { name: "Lock when unused" }));
  await person.click(await screen.findByRole("option", { name: "15 min" }));
  await waitFor(() => expect(asked("wallet_lock")).toEqual([{ afterMinutes: 15 }]));
  await person.click(await screen.findByRole("button", { name: "Undo" }));
  await pass(1000);
  await waitFor(() => expect(fake.stall.wallet.lockAfterMinutes).toBe(60));
});

test("what the wallet holds, and what could be lost, is covered while amounts are hidden", async () => {
  prefer({ amountsHidden: true });
  show(wallet, "test");
  expect(await screen.findByText(/Amounts are hidden now/)).toBeTruthy();
  expect(screen.queryByText(/0\.10? ETH/)).toBeNull();
});

test("practice shows no code for its wallet, and lets nobody replace or save its key", async () => {
  show(wallet, "few");
  expect(await screen.findByText(/Never send real money to this address/)).toBeTruthy();
  expect(screen.queryByRole("img", { name: /QR code/ })).toBeNull();
  for (const name of ["Save to a file…", "Create a new one…", "Import a key…"]) {
    expect(screen.queryByRole("button", { name })).toBeNull();
  }
});
