// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { PlatformProvider } from "../../api/platform-context";
import { Fake } from "../../platform/fake/fake";
import { routeTree } from "../../routeTree.gen";

afterEach(cleanup);

async function openHarbour() {
  const fake = new Fake({ scenario: "few" });
  const harbour = fake.stall.shelf.find("/harbour");
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${harbour.id}`] });
  const router = createRouter({ routeTree, history });
  render(
    <PlatformProvider platform={fake} client={new QueryClient()}>
      <RouterProvider router={router} />
    </PlatformProvider>,
  );
  await screen.findByRole("dialog", { name: "Harbour at dawn" });
  return { fake, harbour, router, person: userEvent.setup() };
}

const undo = () => screen.findByRole("button", { name: "Undo" });

test("a pause is taken back with Undo", async () => {
  const { harbour, person } = await openHarbour();
  await person.click(await screen.findByRole("button", { name: "Pause" }));
  await waitFor(() => expect(harbour.state).toBe("paused"));
  await person.click(await undo());
  await waitFor(() => expect(harbour.state).toBe("live"));
});

test("a removed endpoint leaves its drawer, and Undo brings it back under the same link", async () => {
  const { harbour, router, person } = await openHarbour();
  await person.click(await screen.findByRole("button", { name: "Remove" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/endpoints"));
  expect(harbour.state).toBe("removed");
  await person.click(await undo());
  await waitFor(() => expect(harbour.state).toBe("live"));
  expect(harbour.path).toBe("/harbour");
});

test("a new price is taken back to the old one exactly", async () => {
  const { harbour, person } = await openHarbour();
  const before = harbour.price;
  await person.click(await screen.findByRole("button", { name: "Change price" }));
  const price = await screen.findByLabelText("Price");
  await person.clear(price);
  await person.type(price, "0.123456{Enter}");
  await waitFor(() => expect(harbour.price).toBe(123_456n));
  await person.click(await undo());
  await waitFor(() => expect(harbour.price).toBe(before));
});

test("a price that the app refuses is said beside it, and the dialog stays", async () => {
  const { fake, person } = await openHarbour();
  fake.failNext("endpoint_set_price", "unavailable", 1, "The node does not answer.");
  await person.click(await screen.findByRole("button", { name: "Change price" }));
  await person.type(await screen.findByLabelText("Price"), "1{Enter}");
  expect(await screen.findByText("The node does not answer.")).toBeTruthy();
});

test("settled and pending money stand apart, and are never added up", async () => {
  await openHarbour();
  const figures = [...document.querySelectorAll("aside dl")][0]?.textContent ?? "";
  expect(figures).toMatch(/^Sales\d+Settled\$[\d.]+Pending\$[\d.]+$/);
});
