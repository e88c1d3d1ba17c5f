// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import { quitPreview } from "../../platform/fake/quit";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";
import { amounts } from "./words";

configure({ asyncUtilTimeout: 5000 });
beforeEach(() => localStorage.clear());
afterEach(cleanup);

async function open(prepare: (fake: Fake) => void = () => {}) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario: "few", clock });
  prepare(fake);
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: ["/reports"] }) });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { level: 1 });
  const pass = (ms: number) => act(async () => clock.advance(ms));
  return { fake, router, pass, person: userEvent.setup() };
}

const QUESTION = { name: "Quit while money is at stake?" };

/** Wants to quit, and settles first. */
async function settleFirst({ fake, pass, person }: Awaited<ReturnType<typeof open>>) {
  await act(() => fake.askToQuit());
  await person.click(await screen.findByRole("button", { name: "Settle first" }));
  await pass(1000);
  const dialog = within(await screen.findByRole("alertdialog", { name: /^Settle \d+ payments\?$/ }));
  return {
    dialog,
    settle: async () => person.click(await dialog.findByRole("button", { name: /^Settle \$/ })),
  };
}

test("the page goes where tray and links send it, also when that was before it listened", async () => {
  const { fake, router } = await open(({ program }) => program.goTo({ page: "attention" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/attention"));
  act(() => fake.program.goTo({ page: "payment", payment: "0192d0c4-7f3e-7a10-8c55-0123456789ab" }));
  await waitFor(() =>
    expect(router.state.location.pathname).toBe("/payments/0192d0c4-7f3e-7a10-8c55-0123456789ab"),
  );
  act(() => fake.program.goTo({ page: "settle" }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ settle: true }));
  expect(fake.calls.map(({ name }) => name)).not.toContain("settle");
});

test("whoever quits is told the money at stake, and may stay, settle first or quit", async () => {
  const { fake, router, person } = await open();
  const atStake = quitPreview(fake.stall);
  expect(atStake.payments).toBeGreaterThan(0);
  const ask = async () => {
    act(() => fake.program.askToQuit(atStake));
    return within(await screen.findByRole("alertdialog", { name: "Quit while money is at stake?" }));
  };
  const dialog = await ask();
  expect(
    dialog.getByText(new RegExp(`\\$${atStake.formatted.replace(".", "\\.")} are not on chain yet`)),
  ).toBeTruthy();
  await person.click(dialog.getByRole("button", { name: "Keep selling" }));
  await waitFor(() => expect(fake.program.take().quit).toBeNull());
  await person.click((await ask()).getByRole("button", { name: "Settle first" }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ settle: true }));
  expect(fake.program.quitted).toBe(false);
  await person.keyboard("{Escape}");
  await person.click((await ask()).getByRole("button", { name: "Quit" }));
  expect(fake.program.quitted).toBe(true);
});

test("tray and notifications speak as the window does, and name what is filled in", async () => {
  const { fake } = await open();
  await waitFor(() => expect(fake.program.words?.amount).toMatch(/^.{amount}$/));
  expect(fake.program.words?.line).toBe(
    "{state} · {sold} sold today · {settled} settled ({pending} pending)",
  );
  expect(amounts("1,50 $")).toEqual({ amount: "{amount} $", point: "," });
  // Amounts that are hidden are hidden outside the window too.
  act(() => prefer({ amountsHidden: true }));
  await waitFor(() => expect(fake.program.words?.amount).toBe("••••"));
  act(() => prefer({ amountsHidden: false }));
  await waitFor(() => expect(fake.program.words?.amount).toMatch(/^.{amount}$/));
});

test("what happened is told in the window once, leads to its place, and bad news stay until they are closed", async () => {
  const { fake, router, person } = await open();
  act(() => {
    fake.program.notice({
      isGood: true,
      title: "Guide was sold",
      text: "$0.05",
      place: { page: "payments" },
    });
    fake.program.notice({
      isGood: false,
      title: "Buyers cannot buy",
      text: '"><img src=x onerror=alert(1)>',
      place: { page: "attention" },
    });
  });
  await screen.findByText("Guide was sold");
  expect(screen.getByText('"><img src=x onerror=alert(1)>').querySelector("img")).toBeNull();
  expect(document.querySelector("img")).toBeNull();
  const [show] = screen.getAllByRole("button", { name: "Show" });
  await person.click(show as HTMLElement);
  await waitFor(() => expect(["/payments", "/attention"]).toContain(router.state.location.pathname));
  expect(fake.program.take().notices).toEqual([]);
});

test("whoever quits while somebody downloads is told that, without a word of money where none is at stake", async () => {
  const { fake, person } = await open();
  const downloading = { ...quitPreview(fake.stall), delivering: 1 };
  act(() => fake.program.askToQuit({ ...downloading, payments: 0, settleBy: null, lostFrom: null }));
  const dialog = within(await screen.findByRole("alertdialog", { name: "Quit while somebody downloads?" }));
  expect(dialog.getByText("1 download is under way and ends with the stall.")).toBeTruthy();
  expect(dialog.queryByText(/not on chain yet/)).toBeNull();
  expect(dialog.queryByRole("button", { name: "Settle first" })).toBeNull();
  await person.click(dialog.getByRole("button", { name: "Keep selling" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  act(() => fake.program.askToQuit(downloading));
  const both = within(await screen.findByRole("alertdialog", { name: "Quit while money is at stake?" }));
  expect(both.getByText(/not on chain yet.*1 download is under way/)).toBeTruthy();
});

test("whoever settles first quits once that has ended, and is told so until then", async () => {
  const window = await open();
  const { fake, pass } = window;
  await (await settleFirst(window)).settle();
  await pass(400);
  expect(await screen.findByText("Stallkeeper quits when this is settled.")).toBeTruthy();
  expect(fake.program.quitted).toBe(false);
  await pass(20_000);
  await waitFor(() => expect(fake.program.quitted).toBe(true));
});

test("whoever settles first may change their mind, and the window stays", async () => {
  const window = await open();
  const { fake, pass, person } = window;
  await (await settleFirst(window)).settle();
  await pass(400);
  await screen.findByText("Stallkeeper quits when this is settled.");
  await person.click(screen.getByRole("button", { name: "Keep selling" }));
  await pass(20_000);
  expect(await screen.findByText(/arrived$/)).toBeTruthy();
  expect(fake.program.quitted).toBe(false);
});

test("whoever does not settle after all is asked again whether to quit", async () => {
  const window = await open();
  const { fake, pass, person } = window;
  const { dialog } = await settleFirst(window);
  await person.click(dialog.getByRole("button", { name: "Cancel" }));
  await pass(1000);
  expect(await screen.findByRole("alertdialog", QUESTION)).toBeTruthy();
  expect(fake.program.quitted).toBe(false);
});

test("whoever settled first is asked again where somebody bought meanwhile", async () => {
  const window = await open();
  const { fake, pass } = window;
  await (await settleFirst(window)).settle();
  await pass(400);
  await screen.findByText("Stallkeeper quits when this is settled.");
  act(() => void fake.buy());
  await pass(20_000);
  const question = within(await screen.findByRole("alertdialog", QUESTION));
  expect(question.getByText(/^1 payment of \$.* is not on chain yet/)).toBeTruthy();
  expect(fake.program.quitted).toBe(false);
});

test("where a payment failed while it was settled first, the window stays and says so", async () => {
  const window = await open();
  const { fake, pass } = window;
  const [doomed] = fake.stall.book.queued();
  await (await settleFirst(window)).settle();
  Object.assign(doomed ?? {}, { doom: "underfunded" });
  await pass(400);
  await screen.findByText("Stallkeeper quits when this is settled.");
  await pass(20_000);
  expect(await screen.findByRole("heading", { name: /^\$\S+ of \$\S+ arrived$/, hidden: true })).toBeTruthy();
  await waitFor(() => expect(screen.queryByText("Stallkeeper quits when this is settled.")).toBeNull());
  expect(fake.program.quitted).toBe(false);
});

test("while amounts are hidden, no question about quitting names one", async () => {
  const { fake } = await open();
  act(() => prefer({ amountsHidden: true }));
  await act(() => fake.askToQuit());
  const question = await screen.findByRole("alertdialog", QUESTION);
  expect(question.textContent).toContain("payments of together •••• are not on chain yet");
  expect(question.textContent).not.toContain("$");
});
