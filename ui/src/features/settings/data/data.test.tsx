// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prefer } from "../../../ui/preferences";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const page = "/settings/data";
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

test("an environment is deleted only behind its typed name, with the money at stake named and its key by other words", async () => {
  const { person, asked, pass } = show(page, "few");
  await person.click(await screen.findByRole("button", { name: "Delete… Practice" }));
  const form = await dialog("Delete all of Practice");
  expect(form.getByRole("link", { name: "Make a backup first" })).toBeTruthy();
  await person.click(form.getByRole("button", { name: "Delete at the next start" }));
  expect(form.getByText("Type practice, without anything else.")).toBeTruthy();
  expect(form.getByText("Settle first, or say that you lose this money.")).toBeTruthy();
  await person.click(form.getByRole("switch", { name: "I lose this money" }));
  await person.click(form.getByRole("switch", { name: "Delete the gas wallet's key too" }));
  await person.type(form.getByLabelText("Type practice to go on"), "practice{Enter}");
  expect(form.getByText("Type delete keys, without anything else.")).toBeTruthy();
  expect(asked("data_delete")).toEqual([]);
  await person.type(form.getByLabelText("Type delete keys to go on"), "delete keys{Enter}");
  await pass(1000);
  expect(await screen.findByText("At the next start all of Practice is deleted")).toBeTruthy();
  expect(asked("data_delete")).toEqual([
    { environment: "practice", word: "practice", withMoneyAtStake: true, keyWord: "delete keys" },
  ]);
  // It is quit from here, and not without a word about money at stake.
  await person.click(screen.getByRole("button", { name: "Quit now" }));
  await person.click(await screen.findByRole("button", { name: "Keep selling" }));
  await person.click(await screen.findByRole("button", { name: "Delete nothing" }));
  await pass(1000);
  expect(await screen.findByRole("button", { name: "Delete… Practice" })).toBeTruthy();
});

test("a data file that cannot be read is named, and nobody deletes it without giving up what may be in it", async () => {
  const problem = "The data file is damaged: file is not a database.";
  const { fake, person, asked, pass } = show(page, "empty", ({ stall }) => {
    stall.data.problem = problem;
  });
  expect(await screen.findByText(problem)).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Delete… Practice" }));
  const form = await dialog("Delete all of Practice");
  expect(form.queryByText(/0 payments/)).toBeNull();
  expect(form.getByText(/nobody can tell which payments are not on chain/)).toBeTruthy();
  await person.type(form.getByLabelText("Type practice to go on"), "practice{Enter}");
  expect(asked("data_delete")).toEqual([]);
  await person.click(form.getByRole("switch", { name: "I lose this money" }));
  await person.click(form.getByRole("button", { name: "Delete at the next start" }));
  await pass(1000);
  await waitFor(() => expect(asked("data_delete")).toHaveLength(1));
  await person.click(await screen.findByRole("button", { name: "Quit now" }));
  await waitFor(() => expect(fake.program.quitted).toBe(true));
});

test("diagnostics show what is in them before they are saved, and the folder opens", async () => {
  const { person, asked, fake, pass } = show(page, "few");
  await person.click(await screen.findByRole("button", { name: "Open the folder" }));
  expect(fake.shown).toEqual(["data"]);
  await person.click(screen.getByRole("button", { name: "Save diagnostics…" }));
  const inside = await dialog("Save diagnostics");
  await pass(1000);
  expect(await inside.findByText("log.jsonl")).toBeTruthy();
  expect(asked("diagnostics_save")).toEqual([]);
  await person.click(inside.getByRole("button", { name: "Save…" }));
  await pass(1000);
  await waitFor(() => expect(asked("diagnostics_save")).toHaveLength(1));
  const copy = vi.spyOn(fake, "copy");
  await person.click(screen.getByRole("button", { name: "Copy diagnostics" }));
  // While the press is still being answered: later WebKit refuses.
  expect(copy).toHaveBeenCalledOnce();
  await pass(1000);
  await waitFor(() => expect(fake.copied.at(-1)).toContain("schema 36"));
});

test("diagnostics that could not be had are told of once", async () => {
  const { person, fake, pass } = show(page, "few");
  fake.failNext("diagnostics_show", "internal", 1, "Nothing could be read.");
  await person.click(await screen.findByRole("button", { name: "Copy diagnostics" }));
  await pass(1000);
  expect(await screen.findByText("Nothing could be read.")).toBeTruthy();
  expect(screen.queryByText("Could not copy")).toBeNull();
  expect(fake.copied).toEqual([]);
});

test("what is kept has bounds, and all the books are written at once", async () => {
  const { fake, person, asked, pass } = show(page, "few");
  const [visits] = await screen.findAllByLabelText("Days, 31 to 3650");
  await person.clear(visits as HTMLElement);
  await person.type(visits as HTMLElement, "7{Enter}");
  expect(screen.getByText("A number of days from 31 to 3650.")).toBeTruthy();
  await person.clear(visits as HTMLElement);
  await person.type(visits as HTMLElement, "90{Enter}");
  await pass(1000);
  await waitFor(() => expect(asked("settings_set")).toEqual([{ key: "keep-visits", value: "90" }]));
  // What was changed elsewhere is followed: Save would put the old number back.
  await act(() => fake.call("settings_set", { key: "keep-visits", value: "120" }));
  await pass(1000);
  await waitFor(() => expect((visits as HTMLInputElement).value).toBe("120"));
  await person.click(screen.getByRole("button", { name: "Export all…" }));
  await pass(1000);
  await waitFor(() => expect(asked("data_export")).toEqual([{ folder: "/home/ada/Music/Snare stems/" }]));
});

test("endpoints are copied from another environment after it was shown what would change", async () => {
  const { person, asked, pass } = show("/live", "live");
  await person.click(await screen.findByRole("button", { name: "Copy endpoints…" }));
  const form = await dialog("Copy endpoints");
  await pass(1000);
  expect(await form.findByText("/stems is already the path of another endpoint there.")).toBeTruthy();
  await person.click(form.getByRole("checkbox", { name: "Copy Field guide" }));
  await person.click(form.getByRole("button", { name: "Copy 1 endpoint" }));
  await pass(1000);
  await waitFor(() =>
    expect(asked("endpoint_copy")).toEqual([
      { from: "test", to: "live", endpoints: ["22222222-2222-4222-8222-222222222222"] },
    ]),
  );
});

test("what a deletion costs is written as amounts and counts are everywhere, follows sales, and is covered with them", async () => {
  const { fake, person, pass } = show(page, "empty");
  await act(() => fake.call("endpoint_add", { file: "/home/ada/song.wav", path: "/song", price: "0.5" }));
  await pass(1000);
  expect(await screen.findByText(/^1 endpoint, 0 payments\./)).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Delete… Practice" }));
  const form = await dialog("Delete all of Practice");
  expect(form.queryByRole("switch", { name: "I lose this money" })).toBeNull();
  // Somebody buys while the dialog is open.
  act(() => void fake.buy());
  await pass(1000);
  expect(await form.findByText(/^1 payment of \$0\.50 is not on chain yet/)).toBeTruthy();
  expect(form.getByRole("switch", { name: "I lose this money" })).toBeTruthy();
  expect(form.getByText(/^At the next start 1 endpoint, 1 payment, their receipts/)).toBeTruthy();
  act(() => prefer({ amountsHidden: true }));
  expect(await form.findByText(/^1 payment of •••• is not/)).toBeTruthy();
  act(() => prefer({ amountsHidden: false }));
});

test("where no place can be chosen, that is said, and a file that was not saved is not called missing", async () => {
  const { fake, person, pass } = show(page, "few");
  // As the program rejects: with no Error.
  const refused = (message: string) => ({ code: "unavailable", message });
  vi.spyOn(fake, "pickFolder").mockRejectedValue(refused("No folders today."));
  vi.spyOn(fake, "saveFile").mockRejectedValueOnce(refused("No files today."));
  await person.click(await screen.findByRole("button", { name: "Export all…" }));
  expect(await screen.findByText("No folders today.")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Save diagnostics…" }));
  const inside = await dialog("Save diagnostics");
  await pass(1000);
  await inside.findByText("log.jsonl");
  await person.click(inside.getByRole("button", { name: "Save…" }));
  expect(await screen.findByText("No files today.")).toBeTruthy();
  fake.failNext("diagnostics_save", "file", 1, "The disk is full.");
  await person.click(inside.getByRole("button", { name: "Save…" }));
  await pass(1000);
  expect(await inside.findByText("The disk is full.")).toBeTruthy();
  expect(inside.getByText("The diagnostics were not saved")).toBeTruthy();
  expect(screen.queryByText("There are no diagnostics")).toBeNull();
});
