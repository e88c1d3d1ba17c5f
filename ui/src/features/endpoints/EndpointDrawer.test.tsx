// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { refuse } from "../../platform/fake/refuse";
import { routeTree } from "../../testing";

// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function openHarbour(fake = new Fake({ scenario: "few" })) {
  const harbour = fake.stall.shelf.find("/harbour");
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${harbour.id}`] });
  const router = createRouter({ routeTree, history });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("dialog", { name: "Harbour at dawn" });
  return { fake, harbour, router, person: userEvent.setup() };
}

/** A text that is for sale, in its drawer. */
async function openText() {
  const fake = new Fake();
  await fake.call("endpoint_add", {
    text: { body: "High at six." },
    path: "/harbour",
    price: "1",
    title: "Harbour at dawn",
  });
  const opened = await openHarbour(fake);
  await opened.person.click(screen.getByRole("tab", { name: "Access & delivery" }));
  return opened;
}

test("what sells is on sale wherever it says so, and never live, as real money is", async () => {
  const { harbour, person } = await openHarbour();
  const drawer = within(screen.getByRole("dialog", { name: "Harbour at dawn" }));
  expect(drawer.getByText("On sale")).toBeTruthy();
  await person.click(drawer.getByRole("button", { name: "Pause" }));
  await waitFor(() => expect(harbour.state).toBe("paused"));
  await person.click(await drawer.findByRole("button", { name: "Resume" }));
  expect(await screen.findByText(/Harbour at dawn. is on sale again$/)).toBeTruthy();
  await person.click(drawer.getByRole("button", { name: "Close" }));
  await person.click(await screen.findByRole("combobox", { name: "Which to show" }));
  expect(await screen.findByRole("option", { name: "On sale" })).toBeTruthy();
  expect(screen.queryByText("Live")).toBeNull();
});

test("another description is shown to buyers, and Undo takes it back", async () => {
  const { harbour, person } = await openHarbour();
  await person.click(await screen.findByRole("button", { name: "Edit" }));
  await person.type(await screen.findByLabelText("Description"), "From the north pier.");
  await person.click(screen.getByRole("button", { name: "Change" }));
  await waitFor(() => expect(harbour.description).toBe("From the north pier."));
  await person.click(await undo());
  await waitFor(() => expect(harbour.description).toBe(""));
});

test("a text is changed where it is sold, and Undo brings the old one back", async () => {
  const { harbour, person } = await openText();
  const text = await screen.findByDisplayValue("High at six.");
  await person.clear(text);
  await person.type(text, "High at seven.");
  await person.click(screen.getByRole("button", { name: "Save the text" }));
  await waitFor(() => expect(harbour.body).toBe("High at seven."));
  await person.click(await undo());
  await waitFor(() => expect(harbour.body).toBe("High at six."));
  expect(await screen.findByDisplayValue("High at six.")).toBeTruthy();
});

const undo = () => screen.findByRole("button", { name: "Undo" });

test("a service is tried where it is sold, waits longer, and Undo takes that back", async () => {
  const fake = new Fake();
  await fake.call("endpoint_add", {
    service: { upstream: "http://127.0.0.1:9" },
    path: "/harbour",
    price: "1",
    title: "Harbour at dawn",
  });
  const { harbour, person } = await openHarbour(fake);
  await person.click(screen.getByRole("tab", { name: "Access & delivery" }));
  await person.click(screen.getByRole("button", { name: "Try it" }));
  expect(await screen.findByText(/is the program running/)).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Change it…" }));
  await person.click(await screen.findByText("Paths, headers and limits"));
  const patience = screen.getByLabelText("Waits at most");
  await person.clear(patience);
  await person.type(patience, "90");
  await person.click(screen.getByRole("button", { name: "Change" }));
  await waitFor(() => expect(harbour.content).toMatchObject({ patienceSeconds: 90 }));
  await person.click(await undo());
  await waitFor(() => expect(harbour.content).toMatchObject({ patienceSeconds: 30 }));
});

test("a file that was moved is sold again once somebody says where it is", async () => {
  const { fake, harbour, person } = await openHarbour();
  harbour.fileState = "missing";
  await act(async () => fake.stall.events.changed("endpoints"));
  await person.click(screen.getByRole("tab", { name: "Access & delivery" }));
  fake.pickNext("/home/ada/elsewhere/harbour.jpg");
  await person.click(await screen.findByRole("button", { name: /^Say where it is|^Publish a new version/ }));
  expect(await screen.findByText(/is sold as it is now/)).toBeTruthy();
  expect(harbour.fileState).toBe("ok");
  expect(harbour.content).toMatchObject({ path: "/home/ada/elsewhere/harbour.jpg" });
});

test("a preview is shown to everybody, and taken away again with Undo", async () => {
  const { fake, person } = await openHarbour();
  await person.click(screen.getByRole("tab", { name: "Access & delivery" }));
  fake.pickNext("/home/ada/small.jpg");
  await person.click(await screen.findByRole("button", { name: "Choose a preview…" }));
  expect(await screen.findByText("small.jpg")).toBeTruthy();
  await person.click(await undo());
  await waitFor(() => expect(screen.queryByText("small.jpg")).toBeNull());
});

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

test("a price that is refused after the dialog was closed is told all the same", async () => {
  const { fake, harbour, person } = await openHarbour();
  const before = harbour.price;
  fake.failNext("endpoint_set_price", "unavailable", 1, "The node does not answer.");
  fake.neverAnswer("endpoint_set_price");
  await person.click(await screen.findByRole("button", { name: "Change price" }));
  await person.type(await screen.findByLabelText("Price"), "1{Enter}");
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByLabelText("Price")).toBeNull());
  await act(async () => fake.refuseThose("endpoint_set_price"));
  expect(await screen.findByText(/could not be changed/)).toBeTruthy();
  expect(screen.getByText("The node does not answer.")).toBeTruthy();
  expect(harbour.price).toBe(before);
});

test("a link that cannot be opened is told", async () => {
  const { fake, person } = await openHarbour();
  vi.spyOn(fake, "openUrl").mockRejectedValue(refuse("unavailable", "No browser was found."));
  await person.click(screen.getByRole("tab", { name: "Share" }));
  await person.click(await screen.findByRole("button", { name: "Open as a buyer" }));
  expect(await screen.findByText("The link could not be opened")).toBeTruthy();
  expect(screen.getByText("No browser was found.")).toBeTruthy();
});

test("the code is saved as lines or pixels where the person says, and what cannot be saved is told", async () => {
  const { fake, person } = await openHarbour();
  await person.click(screen.getByRole("tab", { name: "Share" }));
  const choose = async (what: string) => {
    await person.click(await screen.findByRole("button", { name: "Save the QR code" }));
    await person.click(await screen.findByRole("menuitem", { name: what }));
  };
  await choose("As SVG, for print");
  expect(await screen.findByText("/home/ada/harbour-qr.svg")).toBeTruthy();
  expect(new TextDecoder().decode(fake.written[0]?.content)).toMatch(
    /^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><path .*<\/svg>\n$/s,
  );
  // Pixels need a canvas that draws, which this page has not.
  await choose("As PNG");
  expect(await screen.findByText("It was not saved")).toBeTruthy();
  fake.pickNext(null);
  await choose("As SVG, for print");
  fake.failNext("shell_save_content", "file", 1, "The disk is full.");
  await choose("As SVG, for print");
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  expect(fake.written).toHaveLength(1);
});

test("the focus goes to the neighbour of an endpoint that was removed", async () => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  const { harbour, person } = await openHarbour();
  const rows = () =>
    [...document.querySelectorAll<HTMLElement>("[data-row]")].map(({ dataset }) => dataset.row);
  await waitFor(() => expect(rows()).toContain(harbour.id));
  const place = rows().indexOf(harbour.id);
  const neighbour = rows()[place + 1] ?? rows()[place - 1];
  await person.click(await screen.findByRole("button", { name: "Remove" }));
  await waitFor(() => expect(rows()).not.toContain(harbour.id));
  await waitFor(() => expect((document.activeElement as HTMLElement | null)?.dataset.row).toBe(neighbour));
});

test("a file that went away is told when the shelf is looked at, though nobody said so", async () => {
  const { harbour, router } = await openHarbour();
  await act(async () => router.navigate({ to: "/settings" }));
  harbour.fileState = "missing";
  await act(async () => router.navigate({ to: "/endpoints" }));
  await act(async () =>
    router.navigate({ to: "/endpoints/$endpoint", params: { endpoint: harbour.id } } as never),
  );
  expect((await screen.findAllByText("File missing")).length).toBeGreaterThan(0);
});

test("why no preview and no new version can be chosen is said in words", async () => {
  const { fake, person } = await openHarbour();
  const refuse = (message: string) =>
    // As the program rejects: with no Error.
    vi.spyOn(fake, "pickFile").mockRejectedValueOnce({ code: "unavailable", message });
  await person.click(screen.getByRole("tab", { name: "Access & delivery" }));
  refuse("No preview today.");
  await person.click(await screen.findByRole("button", { name: "Choose a preview…" }));
  expect(await screen.findByText("No preview today.")).toBeTruthy();
  refuse("No version today.");
  await person.click(await screen.findByRole("button", { name: /^Say where it is|^Publish a new version/ }));
  expect(await screen.findByText("No version today.")).toBeTruthy();
});
