// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../../api/query-client";
import { InWindow } from "../../../api/testing";
import { SteppedClock } from "../../../platform/fake/clock";
import { Fake, OPENING } from "../../../platform/fake/fake";
import type { Scenario } from "../../../platform/fake/scenarios";
import { routeTree } from "../../../testing";
import { prefer } from "../../../ui/preferences";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  localStorage.clear();
  // What comes next is told by the computer's clock, and the stall has its own.
  vi.useFakeTimers({ now: OPENING, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  prefer({ amountsHidden: false });
});

async function open(scenario: Scenario, prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  prepare(fake);
  const router = createRouter({
    routeTree,
    history: createMemoryHistory({ initialEntries: ["/settings"] }),
  });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  const section = await screen.findByRole("region", { name: "Settling" });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, section, person: userEvent.setup() };
}

async function openForm(scenario: Scenario, prepare?: (fake: Fake) => void) {
  const opened = await open(scenario, prepare);
  await opened.person.click(await within(opened.section).findByRole("button", { name: "Change…" }));
  return { ...opened, form: within(await screen.findByRole("dialog")) };
}

/** What was asked to be saved, not only checked. */
const saved = (fake: Fake) =>
  fake.calls
    .filter(({ name, body }) => name === "schedule_set" && (body as { check?: boolean }).check !== true)
    .map(({ body }) => body);

test("the section says what is chosen, what comes next and why, and until when waiting is safe", async () => {
  const { section } = await open("full");
  expect(await within(section).findByText(/^Settled every day at 18:00 \(Europe\/Berlin\)/)).toBeTruthy();
  expect(within(section).getByText("Sat, Nov 21, 6:00 PM UTC, by your schedule.")).toBeTruthy();
  expect(section.textContent).toContain("safe until");
  expect(section.textContent).toContain("your ceiling 5 gwei");
});

test("a schedule is checked while it is filled in, saved, and taken back with Undo", async () => {
  const { fake, form, section, person } = await openForm("empty");
  await person.click(form.getByRole("switch", { name: "Every day at" }));
  const time = form.getByRole("textbox", { name: "Every day at" });
  await person.clear(time);
  await person.type(time, "9.30");
  expect(await form.findByText(/^Settled every day at 09:30 \(UTC\)/)).toBeTruthy();
  expect(saved(fake)).toEqual([]);
  await person.click(form.getByRole("button", { name: "Save the schedule" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { name: /^When/ })).toBeNull());
  expect(saved(fake)).toEqual([{ network: "eip155:84532", zone: "UTC", daily: "09:30" }]);
  expect(await within(section).findByText(/^Settled every day at 09:30/)).toBeTruthy();
  await person.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await within(section).findByText(/^Settled when you say so/)).toBeTruthy();
});

// I6: what waits is never outlived by a schedule.
test("a schedule that what waits cannot outlive is refused beside its field, with the time that is left", async () => {
  const { fake, form, person } = await openForm("few");
  await person.click(form.getByRole("switch", { name: "After some time" }));
  const count = form.getByRole("textbox", { name: "After some time" });
  await person.clear(count);
  await person.type(count, "2");
  const refusal = await form.findByText(/^What waits has to be settled within \d+ minutes/);
  expect(refusal.textContent).toContain("choose at most");
  await waitFor(() => expect(count.getAttribute("aria-invalid")).toBe("true"));
  await person.click(form.getByRole("button", { name: "Save the schedule" }));
  await waitFor(() => expect(document.activeElement).toBe(count));
  expect(screen.getByRole("dialog", { name: /^When/ })).toBeTruthy();
  await person.clear(count);
  await person.type(count, "5");
  await person.click(form.getByRole("combobox", { name: "After some time: minutes, hours or days" }));
  await person.click(await screen.findByRole("option", { name: "minutes" }));
  expect(await form.findByText(/^Settled every 5m/)).toBeTruthy();
  await person.click(form.getByRole("button", { name: "Save the schedule" }));
  await waitFor(() => expect(screen.queryByRole("dialog", { name: /^When/ })).toBeNull());
  expect(saved(fake).at(-1)).toMatchObject({ every: "5m" });
});

test("what is wrong is said beside its field when somebody tries to go on", async () => {
  const { fake, form, person } = await openForm("empty");
  await person.click(form.getByRole("switch", { name: "On some days" }));
  await person.click(form.getByRole("checkbox", { name: "Monday" }));
  await person.click(form.getByRole("switch", { name: "When this many wait" }));
  const count = form.getByRole("textbox", { name: "When this many wait" });
  await person.clear(count);
  await person.click(form.getByRole("button", { name: "Save the schedule" }));
  expect(form.getByText("Choose at least one day, and a time such as 18:00.")).toBeTruthy();
  expect(form.getByText("Type a whole number of payments, at least 1.")).toBeTruthy();
  expect(saved(fake)).toEqual([]);
});

test("a ceiling on gas needs something that settles by itself, and says what it does then", async () => {
  const { fake, form, person } = await openForm("empty");
  expect(form.queryByRole("switch", { name: "Pay at most for gas" })).toBeNull();
  await person.click(form.getByRole("switch", { name: "When this much waits" }));
  await person.click(form.getByRole("switch", { name: "Pay at most for gas" }));
  await person.type(form.getByRole("textbox", { name: "Pay at most for gas" }), "0,5");
  await person.click(form.getByRole("radio", { name: "Leave the run out" }));
  await person.click(form.getByRole("button", { name: "Save the schedule" }));
  await waitFor(() =>
    expect(saved(fake)).toEqual([
      { network: "eip155:84532", zone: "UTC", atAmount: "20", gasCeiling: "0.5", waitForGas: false },
    ]),
  );
});

test("a refusal by the stall is told with its details, and nothing is lost", async () => {
  const { fake, form, person } = await openForm("empty");
  await person.click(form.getByRole("switch", { name: "When this much waits" }));
  await form.findByText(/^Settled when 20\.00 USDC wait/);
  fake.failNext("schedule_set", "file", 1, "The data file cannot be written: disk full.");
  await person.click(form.getByRole("button", { name: "Save the schedule" }));
  expect((await form.findByRole("alert")).textContent).toContain("disk full");
  expect(form.getByRole("textbox", { name: "When this much waits" })).toBeTruthy();
});

test("where the schedule cannot be read, the rest of the settings stays", async () => {
  const { section } = await open("few", (fake) => fake.failNext("schedule_show", "file", 9));
  expect(await within(section).findByText("The schedule could not be loaded")).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Exposure" })).toBeTruthy();
});
