// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { calendarDay } from "../../../lib/time";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const SECRET = "correct horse battery";
const page = "/settings/backups";
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

test("a backup is made behind a passphrase that is typed twice, sent once and kept nowhere (I12)", async () => {
  const { person, asked, container, pass } = show(page, "few");
  await person.click(await screen.findByRole("button", { name: "Make a backup…" }));
  const form = await dialog("Make a backup");
  const file = form.getByLabelText("The backup's file");
  await person.clear(file);
  await person.type(file, "/home/ada/stall.backup");
  await person.type(form.getByLabelText("Passphrase of the backup"), SECRET);
  await person.click(form.getByRole("button", { name: "Make the backup" }));
  expect(form.getByText("The two are not the same.")).toBeTruthy();
  expect(asked("backup_make")).toEqual([]);
  await person.type(form.getByLabelText("The same again"), `${SECRET}{Enter}`);
  await pass(1000);
  await waitFor(() =>
    expect(asked("backup_make")).toEqual([{ path: "/home/ada/stall.backup", passphrase: SECRET }]),
  );
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(container.ownerDocument.body.innerHTML).not.toContain(SECRET);
});

test("a backup is called by its day, and whoever names no folder is asked for one", async () => {
  const { fake, person, asked, pass } = show(page, "few");
  const saveFile = vi.spyOn(fake, "saveFile").mockResolvedValueOnce(null);
  await person.click(await screen.findByRole("button", { name: "Make a backup…" }));
  const form = await dialog("Make a backup");
  const name = `stallkeeper-${calendarDay(Date.now())}.backup`;
  expect((form.getByLabelText("The backup's file") as HTMLInputElement).value).toBe(name);
  await person.type(form.getByLabelText("Passphrase of the backup"), SECRET);
  await person.type(form.getByLabelText("The same again"), `${SECRET}{Enter}`);
  await waitFor(() => expect(saveFile).toHaveBeenCalledWith(name));
  // Whoever chooses nowhere makes none yet.
  expect(asked("backup_make")).toEqual([]);
  saveFile.mockResolvedValueOnce(`/media/usb/${name}`);
  await person.click(form.getByRole("button", { name: "Make the backup" }));
  await pass(1000);
  await waitFor(() =>
    expect(asked("backup_make")).toEqual([{ path: `/media/usb/${name}`, replace: true, passphrase: SECRET }]),
  );
});

test.each([
  { folder: "/media/usb", separator: "/" },
  { folder: "D:\\", separator: "" },
])(
  "a backup is proposed beside those that are made by themselves in $folder",
  async ({ folder, separator }) => {
    const { fake, person, pass } = show(page, "few");
    await fake.call("backup_plan", { every: "day", folder, passphrase: SECRET });
    await pass(1000);
    await screen.findByText(`A backup is made each day in ${folder}.`);
    await person.click(screen.getByRole("button", { name: "Make a backup…" }));
    const form = await dialog("Make a backup");
    expect((form.getByLabelText("The backup's file") as HTMLInputElement).value).toBe(
      `${folder}${separator}stallkeeper-${calendarDay(Date.now())}.backup`,
    );
  },
);

test("a backup shows what it holds before a typed word lets it wait for the next start, and it can be given up", async () => {
  const { person, asked, pass } = show(page, "few");
  await person.click(await screen.findByRole("button", { name: "Put a backup back…" }));
  const form = await dialog("Put a backup back");
  await person.type(form.getByLabelText("The backup's file"), "/home/ada/stall.backup");
  await person.type(form.getByLabelText("Passphrase"), "wrong passphrase");
  await person.click(form.getByRole("button", { name: "Look into it" }));
  await pass(1000);
  expect(await form.findByText("That is not the passphrase of this backup.")).toBeTruthy();
  await person.clear(form.getByLabelText("Passphrase"));
  await person.type(form.getByLabelText("Passphrase"), "correct horse{Enter}");
  await pass(1000);
  expect(await form.findByRole("columnheader", { name: "In the backup" })).toBeTruthy();
  await person.click(form.getByRole("button", { name: "Put it back" }));
  expect(form.getByText("Type restore, without anything else.")).toBeTruthy();
  expect(asked("backup_restore")).toEqual([]);
  await person.type(form.getByLabelText("Type restore to go on"), "restore{Enter}");
  await pass(1000);
  expect(await screen.findByText("Quit Stallkeeper and start it again to go on.")).toBeTruthy();
  // It is quit from here, and not without a word about money at stake.
  await person.click(screen.getByRole("button", { name: "Quit now" }));
  await person.click(await screen.findByRole("button", { name: "Keep selling" }));
  await person.click(screen.getByRole("button", { name: "Leave everything as it is" }));
  await pass(1000);
  expect(await screen.findByText("What is here stays")).toBeTruthy();
});

test("backups are planned with a folder and a passphrase, and given up again", async () => {
  const { person, asked, pass } = show(page, "few");
  await person.click(await screen.findByRole("button", { name: "Change…" }));
  let form = await dialog("Automatic backups");
  await person.click(form.getByRole("radio", { name: "Each day" }));
  await person.click(form.getByRole("button", { name: "Save" }));
  expect(form.getByText("Choose a folder.")).toBeTruthy();
  await person.type(form.getByLabelText("Folder"), "/media/usb");
  await person.type(form.getByLabelText("Passphrase of the backup"), SECRET);
  await person.type(form.getByLabelText("The same again"), `${SECRET}{Enter}`);
  await pass(1000);
  expect(await screen.findByText("A backup is made each day in /media/usb.")).toBeTruthy();
  expect(asked("backup_plan")).toEqual([{ every: "day", folder: "/media/usb", passphrase: SECRET }]);
  await person.click(screen.getByRole("button", { name: "Change…" }));
  form = await dialog("Automatic backups");
  await person.click(form.getByRole("radio", { name: "Never" }));
  await person.click(form.getByRole("button", { name: "Save" }));
  await pass(1000);
  expect(await screen.findByText("Backups are made by hand only.")).toBeTruthy();
});
