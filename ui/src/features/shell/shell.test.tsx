// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { paymentView } from "../../platform/fake/payment-view";
import type { Scenario } from "../../platform/fake/scenarios";
import { routeTree } from "../../testing";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

afterEach(cleanup);

async function open(at: string, scenario: Scenario = "few") {
  const fake = new Fake({ scenario });
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [at] }) });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  const stall = await screen.findByRole("region", { name: "Your stall" });
  await within(stall).findByText("Selling");
  return { fake, router, stall, person: userEvent.setup() };
}

const hashOf = (hash: string) => (hash === "" ? "" : `#${hash}`);

test("what the palette switched is told also when the palette is gone before the answer", async () => {
  const { fake, person } = await open("/");
  fake.neverAnswer("stall_set");
  await person.keyboard("{Control>}k{/Control}");
  await person.type(await screen.findByRole("combobox"), "Pause the stall{Enter}");
  await waitFor(() => expect(screen.queryByRole("combobox")).toBeNull());
  await act(async () => fake.answerAgain("stall_set"));
  expect(await screen.findByText(/^The stall is paused/)).toBeTruthy();
});

test("a stall is paused for an hour from the palette, and says when it opens by itself", async () => {
  const { fake, stall, person } = await open("/");
  await person.keyboard("{Control>}k{/Control}");
  await person.type(await screen.findByRole("combobox"), "Pause the stall for 1 hour{Enter}");
  expect(await within(stall).findByText(/^Opens by itself at/)).toBeTruthy();
  expect(fake.calls.find(({ name }) => name === "stall_set")?.body).toEqual({ selling: false, minutes: 60 });
  await person.click(within(stall).getByRole("switch"));
  await waitFor(() => expect(within(stall).queryByText(/^Opens by itself at/)).toBeNull());
});

test("a stall that stopped answering is offline, whatever it was before", async () => {
  const { fake, stall } = await open("/");
  fake.failNext("status", "unavailable", Number.POSITIVE_INFINITY, "The engine has ended.");
  await act(async () => fake.stall.events.tell({ stale: ["status"] }));
  expect(await within(stall).findByText("Offline")).toBeTruthy();
  expect(screen.getAllByText("The engine has ended.").length).toBeGreaterThan(1);
  expect(screen.queryByText("Selling")).toBeNull();
});

test("what comes and goes above a page stands beside the side bar, and never moves it", async () => {
  const { fake } = await open("/");
  const sentence = "Practice was not deleted.";
  fake.stall.data.deletion = { environment: "practice", keys: false, problem: sentence };
  await act(async () => fake.stall.events.tell({ stale: ["status"] }));
  await act(async () => fake.program.becomes({ crashes: [{ name: "crash-1.txt", at: 0, text: "" }] }));
  const beside = screen.getByRole("navigation", { name: "Pages" }).parentElement?.nextElementSibling;
  const above = within(beside as HTMLElement);
  expect(await above.findByText(sentence)).toBeTruthy();
  expect(await above.findByText(/^Something in Stallkeeper failed/)).toBeTruthy();
  expect(above.getByRole("main")).toBeTruthy();
  // That money is not real is said across the window, and stays.
  expect(above.queryByText(/money here is not real/)).toBeNull();
  expect(screen.getByText(/money here is not real/)).toBeTruthy();
});

test("the palette finds a setting by what it is called on its page", async () => {
  const { person, router } = await open("/");
  const places: [typed: string, at: string][] = [
    ["backup", "/settings/backups"],
    ["diagnos", "/settings/data#diagnostics"],
    ["language", "/settings#general"],
    ["schedule", "/settings#settling"],
    ["practice mon", "/settings#practice"],
  ];
  for (const [typed, at] of places) {
    await person.keyboard("{Control>}k{/Control}");
    await person.type(await screen.findByRole("combobox"), `${typed}{Enter}`);
    await waitFor(() => expect(router.state.location.pathname + hashOf(router.state.location.hash)).toBe(at));
  }
});

test("the palette finds any payment, however old, by the beginning of its id", async () => {
  const { fake, router, person } = await open("/settings", "full");
  const oldest = fake.stall.book.payments.reduce((one, other) =>
    other.createdAt < one.createdAt ? other : one,
  );
  const { id } = paymentView(fake.stall.seed, oldest);
  await person.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox");
  await person.click(field);
  await person.paste(id.slice(0, 8));
  await person.click(await screen.findByRole("option", { name: new RegExp(id.slice(0, 8)) }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/payments/${id}`));
});

test("the palette finds a buyer by the beginning of an address, and anybody by a whole one", async () => {
  const { fake, router, person } = await open("/settings");
  const newest = fake.stall.book.payments.at(-1);
  const { payer } = paymentView(fake.stall.seed, newest as NonNullable<typeof newest>);
  await person.keyboard("{Control>}k{/Control}");
  await person.click(await screen.findByRole("combobox"));
  await person.paste(payer.slice(0, 8));
  await person.click(await screen.findByRole("option", { name: new RegExp(`^${payer.slice(0, 8)}`) }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/buyers/${payer}`));
  const stranger = `0x${"a1".repeat(20)}`;
  await person.keyboard("{Control>}k{/Control}");
  await person.click(await screen.findByRole("combobox"));
  await person.paste(stranger);
  await person.click(await screen.findByRole("option", { name: /^0xa1a1/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/buyers/${stranger}`));
});
