// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InWindow } from "../../api/testing";
import { absoluteTime } from "../../lib/time";
import { Fake } from "../../platform/fake/fake";
import { quitPreview } from "../../platform/fake/quit";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";

configure({ asyncUtilTimeout: 5000 });
beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function start(scenario: Scenario, address = "/") {
  const fake = new Fake({ scenario });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [address] }) });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  return { fake, router, person: userEvent.setup() };
}

const place = async (router: ReturnType<typeof start>["router"], path: string) =>
  waitFor(() => expect(router.state.location.pathname).toBe(path));

test("where nothing is set up the steps open by themselves, go on where they were left, and can be put off", async () => {
  const { router, person } = start("empty");
  await place(router, "/welcome");
  expect(screen.queryByRole("link", { name: "Do it later" })).toBeNull();
  await person.click(await screen.findByRole("button", { name: "Next" }));
  await screen.findByRole("heading", { name: "Practice or real money" });
  cleanup();
  const again = start("empty");
  await place(again.router, "/welcome");
  await screen.findByRole("heading", { name: "Practice or real money" });
  await again.person.click(screen.getByRole("link", { name: "Do it later" }));
  await place(again.router, "/");
  cleanup();
  const later = start("empty");
  await screen.findByRole("heading", { name: "Getting started" });
  await place(later.router, "/");
});

test("whoever sells already, or came by a link, is led nowhere", async () => {
  const { router } = start("few");
  await screen.findByRole("region", { name: "Money" });
  await place(router, "/");
  cleanup();
  const elsewhere = start("empty", "/payments");
  await screen.findByText("No payments yet");
  await place(elsewhere.router, "/payments");
});

test("another environment is gone to once it was said what that means and what is at stake here", async () => {
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  const { fake, person } = start("few", "/welcome?step=environment");
  const toLive = await screen.findByRole("button", { name: "Go to Real money" });
  fake.neverAnswer("quit_preview");
  fake.stall.downloads = 2;
  await person.click(toLive);
  const dialog = within(await screen.findByRole("alertdialog", { name: "Go to Real money?" }));
  expect(dialog.getByText(/its links stop working until you come back/)).toBeTruthy();
  await person.click(dialog.getByRole("button", { name: "Go to Real money" }));
  expect(fake.program.switched).toBeNull();
  fake.answerAgain("quit_preview");
  expect(await dialog.findByText("2 downloads are under way and end with the stall.")).toBeTruthy();
  const { settleBy, lostFrom } = quitPreview(fake.stall);
  const stake = (await dialog.findByText(/not on chain yet/)).textContent;
  expect(stake).toContain(
    `Be back by ${absoluteTime(settleBy ?? 0, true)}. At ${absoluteTime(lostFrom ?? 0, true)} the first is lost.`,
  );
  expect(dialog.queryByText(/nothing of it is lost/i)).toBeNull();
  // Amounts that are hidden are hidden here too.
  expect(stake).toContain("$");
  act(() => prefer({ amountsHidden: true }));
  expect(
    (await dialog.findByText(/payments of together •••• are not on chain yet/)).textContent,
  ).not.toContain("$");
  act(() => prefer({ amountsHidden: false }));
  expect(dialog.getByText(/buyers pay real dollars/)).toBeTruthy();
  fake.failNext("shell_switch", "conflict", 1, "Another program runs this stall.");
  await person.click(dialog.getByRole("button", { name: "Go to Real money" }));
  expect(await dialog.findByText("Another program runs this stall.")).toBeTruthy();
  expect([fake.program.switched, assign.mock.calls.length]).toEqual([null, 0]);
  await person.click(dialog.getByRole("button", { name: "Go to Real money" }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith("/"));
  expect(fake.program.switched).toBe("live");
});

test("who cannot be told what is at stake is told that, and may go all the same", async () => {
  vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  const { fake, person } = start("few", "/welcome?step=environment");
  fake.failNext("quit_preview", "unavailable", 1, "The stall was not opened.");
  await person.click(await screen.findByRole("button", { name: "Go to Test network" }));
  const dialog = within(await screen.findByRole("alertdialog"));
  expect(await dialog.findByText("The stall was not opened.")).toBeTruthy();
  await person.click(dialog.getByRole("button", { name: "Go to Test network" }));
  await waitFor(() => expect(fake.program.switched).toBe("test"));
});
