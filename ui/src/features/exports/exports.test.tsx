// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  // Days are those of the computer's clock, and the stall has its own.
  vi.useFakeTimers({ now: OPENING, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  prefer({ letterKeys: true });
  vi.useRealTimers();
});

async function open(address: string, title: string, scenario: Scenario = "attention") {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [address] }) });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { level: 1, name: title, hidden: true });
  return { fake, clock, router, person: userEvent.setup() };
}

const asked = (fake: Fake) => fake.calls.filter(({ name }) => name === "export").map(({ body }) => body);
const dialog = async () => within(await screen.findByRole("dialog", { name: "Export" }));

test("E and Enter write exactly the payments that the list shows", async () => {
  const { fake, person } = await open('/payments?states=["failed","expired"]', "Payments");
  await person.keyboard("e");
  const shown = await dialog();
  expect(await shown.findByText(/Only the 14 payments of the list:/)).toBeTruthy();
  expect(asked(fake)).toEqual([]);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Choose the file…"));
  await person.keyboard("{Enter}");
  expect(await screen.findByText("14 rows exported")).toBeTruthy();
  expect(asked(fake)).toEqual([
    {
      what: "payments",
      format: "csv",
      filter: { states: ["failed", "expired"] },
      path: "/home/ada/stallkeeper-payments.csv",
      replace: true,
    },
  ]);
  expect(screen.queryByRole("dialog", { name: "Export" })).toBeNull();
  await person.click(screen.getByRole("button", { name: "Show in folder" }));
  expect(fake.shown).toEqual(["/home/ada/stallkeeper-payments.csv"]);
});

test("G E goes to the endpoints and exports nothing; a letter that is turned off does nothing", async () => {
  const { router, person } = await open("/payments", "Payments");
  await person.keyboard("ge");
  await waitFor(() => expect(router.state.location.pathname).toBe("/endpoints"));
  expect(router.state.location.search).toEqual({});
  await act(() => router.navigate({ to: "/payments" }));
  prefer({ letterKeys: false });
  await person.keyboard("e");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the days of a report are those of its export, in the form that was chosen", async () => {
  const { fake, person } = await open("/reports?period=last-month", "Reports");
  await person.click(screen.getByRole("link", { name: "Export…" }));
  const shown = await dialog();
  await person.click(shown.getByRole("combobox", { name: "What" }));
  await person.click(await screen.findByRole("option", { name: "Costs" }));
  await person.click(shown.getByRole("radio", { name: "JSON, for programs" }));
  await person.click(shown.getByRole("button", { name: "Choose the file…" }));
  await waitFor(() =>
    expect(asked(fake)).toEqual([
      {
        what: "costs",
        format: "json",
        filter: { from: "2026-10-01", to: "2026-10-31" },
        path: "/home/ada/stallkeeper-costs-2026-10-01-2026-10-31.json",
        replace: true,
      },
    ]),
  );
});

test("whoever chooses no file exports nothing, and is still asked", async () => {
  const { fake, person } = await open("/payments?export=payments", "Payments");
  fake.pickNext(null);
  const shown = await dialog();
  await person.click(shown.getByRole("button", { name: "Choose the file…" }));
  await waitFor(() => expect(shown.getByRole("button", { name: "Choose the file…" })).toBeTruthy());
  expect(asked(fake)).toEqual([]);
});

test("while the file is written the dialog says so, and what came of it is told after it was closed", async () => {
  const { fake, person } = await open("/payments?export=payments", "Payments");
  fake.neverAnswer("export");
  const shown = await dialog();
  await person.click(shown.getByRole("button", { name: "Choose the file…" }));
  expect(await shown.findByText(/You can close this/)).toBeTruthy();
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Export" })).toBeNull());
  await act(async () => fake.answerAgain("export"));
  expect(await screen.findByText("60 rows exported")).toBeTruthy();
});

test("a long export says how far it has got, and nothing is left of one that is stopped", async () => {
  const { fake, clock, person } = await open("/payments?export=payments", "Payments", "full");
  const shown = await dialog();
  await person.click(shown.getByRole("button", { name: "Choose the file…" }));
  await waitFor(() => expect(asked(fake)).toHaveLength(1));
  await act(async () => clock.advance(500));
  expect(await shown.findByText("10,000 of 100,000 rows written")).toBeTruthy();
  await person.click(shown.getByRole("button", { name: "Stop the export" }));
  await act(async () => clock.advance(100));
  expect(await shown.findByText("The export was stopped. Nothing was written.")).toBeTruthy();
  expect(shown.queryByRole("button", { name: "Stop the export" })).toBeNull();
  expect(screen.queryByText("Nothing was exported")).toBeNull();
  await person.click(shown.getByRole("button", { name: "Choose the file…" }));
  await waitFor(() => expect(asked(fake)).toHaveLength(2));
  await act(async () => clock.advance(10_000));
  expect(await screen.findByText("100,000 rows exported")).toBeTruthy();
});

test("a file that cannot be written is said in the dialog, which stays", async () => {
  const { fake, person } = await open("/payments?export=payments", "Payments");
  fake.failNext("export", "file", 1, "The disk is full.");
  const shown = await dialog();
  await person.click(shown.getByRole("button", { name: "Choose the file…" }));
  expect(await shown.findByText("The disk is full.")).toBeTruthy();
  expect(shown.getByRole("button", { name: "Copy details" })).toBeTruthy();
});
