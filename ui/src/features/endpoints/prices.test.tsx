// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { routeTree } from "../../testing";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

afterEach(cleanup);

async function openPrices(path: string, fake = new Fake({ scenario: "few" })) {
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${fake.stall.shelf.find(path).id}`] });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
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

async function openContent(kind: string, scenario: "full" | "few" = "full", tab = "Access & delivery") {
  const fake = new Fake({ scenario });
  const endpoint = fake.stall.shelf.endpoints.find(({ content }) => content.kind === kind);
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${endpoint?.id}`] });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
  );
  const person = userEvent.setup();
  await person.click(await screen.findByRole("tab", { name: tab }));
  const asked = (command: string) =>
    fake.calls.filter(({ name }) => name === command).map(({ body }) => body);
  return { fake, endpoint, person, asked };
}

test("a file of a folder gets a price of its own by a click, and goes back to the folder's", async () => {
  const { endpoint, person, asked } = await openContent("folder");
  const files = within(await screen.findByRole("list", { name: "The files of the folder" }));
  expect(files.getAllByRole("listitem")).toHaveLength(12);
  expect(files.getByText("Free")).toBeTruthy();
  await person.click(files.getByRole("button", { name: /^Price .?snare-2\.wav.?…$/ }));
  const form = within(await screen.findByRole("dialog", { name: "Price one file" }));
  expect(form.queryByLabelText(/^Which/)).toBeNull();
  await person.type(form.getByLabelText("Price"), "1.50");
  await person.click(form.getByRole("button", { name: "Set the price" }));
  await waitFor(() =>
    expect(asked("price_set")).toEqual([{ endpoint: endpoint?.id, part: "snare-2.wav", price: "1.5" }]),
  );
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Price one file" })).toBeNull());
  const long = files.getAllByRole("listitem")[0] as HTMLElement;
  await person.click(within(long).getByRole("button", { name: /^End / }));
  expect(asked("price_remove")).toEqual([
    { endpoint: endpoint?.id, part: "long-takes/snare-room-mikes-as-recorded-on-the-second-day.wav" },
  ]);
});

test("a service answers so many requests for nothing, and Undo takes that back", async () => {
  const { endpoint, person, asked } = await openContent("service");
  const field = await screen.findByLabelText("For each visitor, every day");
  await person.type(field, "0{Enter}");
  expect(screen.getByText(/from 1 to 10,000/)).toBeTruthy();
  await person.clear(field);
  await person.type(field, "25{Enter}");
  await person.click(await screen.findByRole("button", { name: "Undo" }));
  const id = endpoint?.id;
  await waitFor(() =>
    expect(asked("endpoint_quota")).toEqual([{ endpoint: id, requestsADay: 25 }, { endpoint: id }]),
  );
});

test("requests are free for each wallet that signs in where the seller says so", async () => {
  const { endpoint, person, asked } = await openContent("service");
  await person.type(await screen.findByLabelText("For each visitor, every day"), "25");
  await person.click(screen.getByRole("combobox", { name: "Visitors are told apart by" }));
  await person.click(await screen.findByRole("option", { name: "Wallet that signs in" }));
  expect(screen.getByText(/whoever does not, pays/)).toBeTruthy();
  await person.type(screen.getByLabelText("For each visitor, every day"), "{Enter}");
  await waitFor(() =>
    expect(asked("endpoint_quota")).toEqual([
      { endpoint: endpoint?.id, requestsADay: 25, countedBy: "wallet" },
    ]),
  );
});

test("how long requests and answers may be is changed in MB, and what is no length is said", async () => {
  const { person, asked } = await openContent("service");
  await person.click(await screen.findByRole("button", { name: "Change it…" }));
  const form = within(await screen.findByRole("dialog", { name: "Change the service" }));
  await person.click(form.getByText("Paths, headers and limits"));
  const longest = form.getByLabelText("Longest request");
  expect((longest as HTMLInputElement).value).toBe("0.065536");
  await person.clear(longest);
  await person.type(longest, "much");
  await person.click(form.getByRole("button", { name: "Change" }));
  expect(form.getByText(/a length in MB/)).toBeTruthy();
  await person.clear(longest);
  await person.type(longest, "2.5");
  await person.click(form.getByRole("button", { name: "Change" }));
  await waitFor(() => expect(asked("endpoint_edit")).toHaveLength(1));
  expect(asked("endpoint_edit")[0]).toMatchObject({
    service: { longestRequest: 2_500_000, longestAnswer: 1_048_576, patienceSeconds: 30 },
  });
});

test("a program is shown how to buy one file of a folder, and how to ask a service", async () => {
  const { person } = await openContent("folder", "full", "Share");
  await person.click(await screen.findByRole("combobox", { name: "Which file" }));
  await person.click(await screen.findByRole("option", { name: "snare-2.wav" }));
  await person.click(screen.getByRole("tab", { name: "fetch" }));
  const code = await screen.findByRole("region", { name: /fetch/ });
  expect(code.textContent).toMatch(/pay\("https?:\/\/[^"]+\/snare-stems\/snare-2\.wav"\)/);
  expect(code.textContent).toContain('writeFile("snare-2.wav"');
  cleanup();
  const { person: other } = await openContent("service", "full", "Share");
  await other.click(await screen.findByRole("combobox", { name: "Method" }));
  await other.click(await screen.findByRole("option", { name: "POST" }));
  await other.click(screen.getByRole("tab", { name: "Python" }));
  const asked = await screen.findByRole("region", { name: /Python/ });
  expect(asked.textContent).toMatch(/http\.request\("POST", "[^"]+\/weather\/town", json=\{\}\)/);
});

test("the history of prices is a view of its own, the latest first", async () => {
  await openContent("folder", "full", "Price history");
  const list = within(await screen.findByRole("list", { name: "Price history" }));
  expect(list.getAllByRole("listitem").length).toBeGreaterThan(2);
});
