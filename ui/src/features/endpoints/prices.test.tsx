// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { PlatformProvider } from "../../api/platform-context";
import { createQueryClient } from "../../api/query-client";
import { Fake } from "../../platform/fake/fake";
import { routeTree } from "../../routeTree.gen";

afterEach(cleanup);

async function openPrices(path: string, fake = new Fake({ scenario: "few" })) {
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${fake.stall.shelf.find(path).id}`] });
  render(
    <PlatformProvider platform={fake} client={createQueryClient()}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </PlatformProvider>,
  );
  const person = userEvent.setup();
  await person.click(await screen.findByRole("tab", { name: "Prices" }));
  await person.click(await screen.findByRole("button", { name: "Add a price" }));
  await screen.findByRole("dialog", { name: "Add a price" });
  const asked = () => fake.calls.filter(({ name }) => name === "price_set").map(({ body }) => body);
  const choose = async (name: string) => {
    await person.click(screen.getByRole("combobox", { name: "For whom" }));
    await person.click(await screen.findByRole("option", { name }));
  };
  return { fake, person, asked, choose };
}

test("a code's price has a link of its own, and Undo brings it back after it was ended", async () => {
  const { fake, person, asked, choose } = await openPrices("/harbour");
  await choose("Buyers with a discount code");
  await person.click(screen.getByRole("button", { name: "Set the price" }));
  expect(screen.getByText(/1 to 32 letters/)).toBeTruthy();
  await person.type(screen.getByLabelText("Code"), "SPRING");
  await person.type(screen.getByLabelText("Price"), "0,03");
  await person.click(screen.getByRole("button", { name: "Set the price" }));
  await person.click(
    await screen.findByRole("button", { name: "Copy the link for this price: Code SPRING" }),
  );
  expect(fake.copied.at(-1)).toMatch(/\/harbour\?code=SPRING$/);
  await person.click(screen.getByRole("button", { name: "End the price: Code SPRING" }));
  await person.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked()).toHaveLength(2));
  expect(asked()[1]).toMatchObject({ code: "SPRING", price: "0.03" });
});

test("a price from a moment on is told of, and cancelled", async () => {
  const { person, asked } = await openPrices("/harbour");
  await person.type(screen.getByLabelText("Price"), "2");
  await person.type(screen.getByLabelText("From"), "2026-12-01T18:00");
  await person.click(screen.getByRole("button", { name: "Set the price" }));
  expect(await screen.findByText("What it will cost")).toBeTruthy();
  expect(asked()).toMatchObject([{ price: "2", from: new Date("2026-12-01T18:00").toISOString() }]);
  await person.click(screen.getByRole("button", { name: "Cancel it" }));
  await waitFor(() => expect(screen.queryByText("What it will cost")).toBeNull());
});

test("one file of a folder is given away, and buyers choose what they pay above the least", async () => {
  const fake = new Fake();
  await fake.call("endpoint_add", {
    folder: { path: "/home/ada/Stems/" },
    path: "/stems",
    price: "1",
    title: "Stems",
  });
  const { person, asked, choose } = await openPrices("/stems", fake);
  await choose("Free for everybody");
  expect(screen.queryByLabelText("Price")).toBeNull();
  await person.type(screen.getByLabelText("File"), "snare.wav");
  await person.click(screen.getByRole("button", { name: "Set the price" }));
  await waitFor(() => expect(asked()).toMatchObject([{ part: "snare.wav", free: true }]));
  await person.click(await screen.findByRole("button", { name: "Add a price" }));
  await choose("Buyers choose, from this on");
  await person.type(screen.getByLabelText("At least"), "0.5");
  await person.click(screen.getByRole("button", { name: "Set the price" }));
  await waitFor(() => expect(asked()[1]).toMatchObject({ own: true, price: "0.5" }));
});
