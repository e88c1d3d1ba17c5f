// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const REPORT = { name: "crash-7.txt", at: Date.UTC(2026, 10, 20), text: "in till: the payer … is odd" };

test("what is chosen for this computer is told to the program and shown as it stands then", async () => {
  const { fake, person, asked } = show("/settings/computer", "few");
  await person.click(await screen.findByRole("switch", { name: "Start at login" }));
  await person.click(await screen.findByRole("switch", { name: "Open for sales at each start" }));
  await person.click(screen.getByRole("radio", { name: "While the stall is open" }));
  await waitFor(() =>
    expect(fake.program.computer).toMatchObject({
      startAtLogin: true,
      keepAwake: "selling",
      closeToTray: true,
    }),
  );
  expect(screen.getByRole("switch", { name: "Start at login" }).getAttribute("aria-checked")).toBe("true");
  expect(asked("settings_set")).toEqual([{ key: "selling-at-start", value: "closed" }]);
});

test("what was not changed says why and stays", async () => {
  const { fake, person } = show("/settings/computer", "few");
  fake.failNext("shell_set_computer", "file", 1, "The disk is full.");
  const keeps = await screen.findByRole("switch", { name: "Keep selling when the window is closed" });
  await person.click(keeps);
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  expect(keeps.getAttribute("aria-checked")).toBe("true");
});

test("what this computer cannot do is said plainly", async () => {
  const problem = "No power manager answers.";
  show("/settings/computer", "few", ({ program }) =>
    program.becomes({ tray: false, startAtLoginPossible: false, awake: { held: false, problem } }),
  );
  expect(await screen.findByText(/so closing the window quits/)).toBeTruthy();
  expect(screen.getByText(/started with a folder or an environment of its own/)).toBeTruthy();
  expect(screen.queryByRole("switch", { name: "Start at login" })).toBeNull();
  expect(screen.getByText(problem)).toBeTruthy();
  expect(screen.getByText(/does not know where new versions are published/)).toBeTruthy();
});

test("a new version is looked for and put in place at the seller's word only", async () => {
  const { fake, person } = show("/settings/computer", "few", ({ program }) =>
    program.becomes({ updates: true, update: { version: "0.2.0", notes: "Sells faster." } }),
  );
  const look = await screen.findByRole("button", { name: "Look for a new version" });
  expect(screen.queryByText("Version 0.2.0 is there")).toBeNull();
  await person.click(screen.getByRole("switch", { name: "Look for a new version each day" }));
  await waitFor(() => expect(fake.program.computer.lookDaily).toBe(true));
  await person.click(look);
  expect(await screen.findByText("Sells faster.")).toBeTruthy();
  fake.failNext("shell_install_update", "conflict", 1, "Payments are being settled.");
  await person.click(screen.getByRole("button", { name: "Install and restart" }));
  expect(await screen.findByText("Payments are being settled.")).toBeTruthy();
  expect(fake.program.installed).toBe(false);
  // Buyers who download would be cut off.
  fake.stall.downloads = 1;
  await person.click(screen.getByRole("button", { name: "Install and restart" }));
  const question = within(await screen.findByRole("alertdialog"));
  expect(question.getByText("1 download is under way and ends with the stall.")).toBeTruthy();
  expect(fake.program.installed).toBe(false);
  await person.click(question.getByRole("button", { name: "Install and restart" }));
  await waitFor(() => expect(fake.program.installed).toBe(true));
});

test("a version that the daily look found is there at once", async () => {
  const { fake } = show("/settings/computer", "few");
  await screen.findByText(/does not know where new versions are published/);
  act(() => fake.program.becomes({ updates: true, found: { version: "0.2.0", notes: null } }));
  expect(await screen.findByText("Version 0.2.0 is there")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Install and restart" })).toBeTruthy();
});

test("a report of a failure is offered, looked at, saved where the seller says, and deleted", async () => {
  const { fake, person } = show("/", "few", ({ program }) => program.becomes({ crashes: [REPORT] }));
  await person.click(await screen.findByRole("link", { name: "Look at the report" }));
  await person.click(await screen.findByRole("button", { name: "Show" }));
  expect(within(await screen.findByRole("dialog")).getByText(REPORT.text)).toBeTruthy();
  await person.keyboard("{Escape}");
  fake.pickNext(null);
  await person.click(screen.getByRole("button", { name: "Save…" }));
  fake.pickNext("/home/ada/report.txt");
  await person.click(screen.getByRole("button", { name: "Save…" }));
  await waitFor(() =>
    expect(fake.program.saved).toEqual([{ name: REPORT.name, path: "/home/ada/report.txt" }]),
  );
  await person.click(screen.getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("There are none.")).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole("link", { name: "Look at the report" })).toBeNull());
});
