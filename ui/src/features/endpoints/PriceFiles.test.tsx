// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { routeTree } from "../../testing";

const SONG = "/home/ada/morning_rain.wav";

beforeEach(() => sessionStorage.clear());
// Whole pages take their time where many tests run at once.
configure({ asyncUtilTimeout: 5000 });

afterEach(cleanup);

async function open(fake = new Fake({ scenario: "few" }), at = "/endpoints") {
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [at] }) });
  render(
    <InWindow platform={fake} client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await screen.findByRole("heading", { name: "Endpoints" });
  return { fake, router, person: userEvent.setup() };
}

const drop = (fake: Fake, ...files: string[]) => act(async () => fake.dropFiles(files));
const price = () => screen.findByLabelText<HTMLInputElement>("Price");
const added = (fake: Fake) =>
  fake.calls.filter(({ name }) => name === "endpoint_add").map(({ body }) => body);

test("files over the window are named, and gone when they are dragged away", async () => {
  const { fake } = await open();
  await act(async () => fake.dragFiles([SONG, "/home/ada/b.pdf"]));
  expect(screen.getByText("Drop to price")).toBeTruthy();
  expect(screen.getByText("morning_rain.wav")).toBeTruthy();
  await act(async () => fake.dragAway());
  expect(screen.queryByText("Drop to price")).toBeNull();
});

test("a dropped file is for sale after a price and Ctrl+Enter, exactly at that price", async () => {
  const { fake, person } = await open();
  await drop(fake, SONG);
  await person.type(await price(), "0,05");
  expect(screen.getByText("$0.05", { selector: "form *" })).toBeTruthy();
  await person.keyboard("{Control>}{Enter}{/Control}");
  await screen.findByRole("heading", { name: /morning rain.* is for sale/ });
  expect(added(fake)).toEqual([
    {
      file: SONG,
      path: "/morning-rain",
      price: "0.05",
      title: "morning rain",
      mode: "batched",
      ownedFor: "30d",
    },
  ]);
  await person.click(screen.getByRole("button", { name: "Copy link" }));
  expect(fake.copied).toEqual(["http://127.0.0.1:4021/morning-rain"]);
  await person.click(screen.getByRole("button", { name: "Open as a buyer" }));
  expect(fake.opened).toEqual(["http://127.0.0.1:4021/morning-rain"]);
});

test("a price with seven decimals is refused with a sentence, and nothing is published", async () => {
  const { fake, person } = await open();
  await drop(fake, SONG);
  await person.type(await price(), "0.0000001");
  await person.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByText("A price has at most 6 decimals.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Price")));
  expect(added(fake)).toEqual([]);
});

test("a taken path is told while it is typed, and a free one is offered", async () => {
  const { fake, person } = await open();
  await drop(fake, SONG);
  await price();
  const path = screen.getByLabelText<HTMLInputElement>("Path");
  await person.clear(path);
  await person.type(path, "harbour");
  expect(await screen.findByText("You already sell something at this path.")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Use /morning-rain" }));
  expect(path.value).toBe("morning-rain");
  expect(screen.queryByText("You already sell something at this path.")).toBeNull();
});

test("what was typed is still there after the sheet was closed by accident", async () => {
  const { fake, person } = await open();
  await drop(fake, SONG);
  await person.type(await price(), "0.75");
  await person.keyboard("{Escape}");
  expect(await screen.findByText(/Not priced yet: .*morning_rain\.wav/)).toBeTruthy();
  await person.click(screen.getAllByRole("button", { name: "Continue" })[0] as HTMLElement);
  expect((await price()).value).toBe("0.75");
});

test("a file that is gone is refused, and the next one comes after it", async () => {
  const { fake, person } = await open();
  await drop(fake, "/home/ada/missing.wav", SONG);
  expect(await screen.findByText(/the file is missing/)).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Skip" }));
  expect(await screen.findByDisplayValue("morning rain")).toBeTruthy();
});

test("a dropped folder is for sale as one archive, and says what is left out of it", async () => {
  const { fake, person } = await open();
  await drop(fake, "/home/ada/Snare stems/");
  expect(await screen.findByText(/12 files/)).toBeTruthy();
  expect(screen.getByText("3 things in it are left out")).toBeTruthy();
  expect(screen.getByText("backup/id_rsa")).toBeTruthy();
  await person.type(await screen.findByLabelText("Price of each file"), "2");
  await person.click(screen.getByRole("radio", { name: "All at once, as a ZIP" }));
  await person.click(screen.getByRole("switch", { name: /stall’s own pages/ }));
  await person.click(screen.getByRole("button", { name: "Publish" }));
  await screen.findByRole("heading", { name: /Snare stems.* is for sale/ });
  expect(added(fake)).toEqual([
    {
      folder: { path: "/home/ada/Snare stems/", soldAs: "archive" },
      path: "/snare-stems",
      price: "2",
      title: "Snare stems",
      listed: false,
      mode: "batched",
      ownedFor: "30d",
    },
  ]);
});

test("a text is written, seen to be JSON and sold under the path and the name that its title makes", async () => {
  const { fake, person } = await open();
  await person.click(screen.getByRole("button", { name: "Text, service…" }));
  await person.click(await screen.findByRole("menuitem", { name: "Price a text" }));
  await person.click(await screen.findByLabelText("Text"));
  await person.paste('{"tide-tables": [1, 2]}');
  await person.type(await price(), "0.05");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText("Give it a name that buyers understand.")).toBeTruthy();
  await person.type(screen.getByLabelText("Title"), "Tide tables");
  expect(screen.getByLabelText<HTMLInputElement>("Path").value).toBe("tide-tables");
  await person.type(screen.getByLabelText("Description"), "Of two harbours.");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  await screen.findByRole("heading", { name: /Tide tables.* is for sale/ });
  expect(added(fake)).toEqual([
    {
      text: { body: '{"tide-tables": [1, 2]}', fileName: "tide-tables.json", mediaType: "application/json" },
      path: "/tide-tables",
      price: "0.05",
      title: "Tide tables",
      description: "Of two harbours.",
      mode: "batched",
      ownedFor: "30d",
    },
  ]);
});

test("a file's link is made of its title as a text's is, and is one where nothing is sold", async () => {
  const { fake, person } = await open();
  await drop(fake, "/home/ada/Über_das Meer.pdf", "/home/ada/harbour.jpg", "/home/ada/….txt");
  await price();
  const link = () => screen.getByLabelText<HTMLInputElement>("Path").value;
  expect(link()).toBe("ueber-das-meer");
  await person.type(screen.getByLabelText("Title"), ", second edition");
  expect(link()).toBe("ueber-das-meer-second-edition");
  await person.click(screen.getByRole("button", { name: "Skip" }));
  expect(await screen.findByDisplayValue("harbour-2")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Skip" }));
  expect(await screen.findByDisplayValue("file")).toBeTruthy();
});

test("a price's field shows an example that nobody takes for a price", async () => {
  const { fake } = await open();
  await drop(fake, SONG);
  expect((await price()).placeholder).toBe("e.g. 0.05");
});

test("what is asked about a text says nothing of a file", async () => {
  const { fake, person } = await open();
  await person.click(screen.getByRole("button", { name: "Text, service…" }));
  await person.click(await screen.findByRole("menuitem", { name: "Price a text" }));
  await price();
  await drop(fake, SONG);
  expect(await screen.findByText("1 of 2")).toBeTruthy();
  expect(screen.getByRole("dialog").textContent).not.toMatch(/file/i);
});

test("the link of a text follows its title until somebody writes it", async () => {
  const { person } = await open();
  await person.click(screen.getByRole("button", { name: "Text, service…" }));
  await person.click(await screen.findByRole("menuitem", { name: "Price a text" }));
  const title = await screen.findByLabelText("Title");
  const link = screen.getByLabelText<HTMLInputElement>("Path");
  expect(link.value).toBe("text");
  await person.type(title, "Über das Meer");
  expect(link.value).toBe("ueber-das-meer");
  await person.clear(link);
  await person.type(link, "sea");
  await person.type(title, ", second edition");
  expect(link.value).toBe("sea");
});

test("a service is tried and put up for sale, and is charged each time", async () => {
  const { fake, person } = await open();
  await person.click(screen.getByRole("button", { name: "Text, service…" }));
  await person.click(await screen.findByRole("menuitem", { name: "Price a service" }));
  const upstream = await screen.findByLabelText("Where your program is asked");
  await person.type(upstream, "localhost:3000");
  await person.type(await price(), "0.02");
  await person.type(screen.getByLabelText("Title"), "Weather");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByText(/begins with http:/)).toBeTruthy();
  await person.clear(upstream);
  await person.type(upstream, "http://127.0.0.1:3000/api");
  await person.click(screen.getByRole("button", { name: "Try it" }));
  expect(await screen.findByText(/a buyer would be charged for that/)).toBeTruthy();
  await person.click(screen.getByRole("checkbox", { name: "POST" }));
  await person.click(screen.getByText("Paths, headers and limits"));
  await person.type(screen.getByLabelText("Headers it gets"), "accept-language, x-town");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  await screen.findByRole("heading", { name: /Weather.* is for sale/ });
  expect(added(fake)).toEqual([
    {
      service: {
        upstream: "http://127.0.0.1:3000/api",
        remote: false,
        pattern: "",
        methods: ["GET", "POST"],
        requestHeaders: ["accept-language", "x-town"],
        answerHeaders: [],
        patienceSeconds: 30,
      },
      path: "/weather",
      price: "0.02",
      title: "Weather",
      mode: "batched",
    },
  ]);
});

test("what the app refuses is said in the sheet, and can be tried again", async () => {
  const { fake, person } = await open();
  fake.failNext("endpoint_add", "unavailable", 1, "The node does not answer.");
  await drop(fake, SONG);
  await person.type(await price(), "1");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The node does not answer.");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  await screen.findByRole("heading", { name: /is for sale/ });
});

test("publishing goes on when the sheet is closed, and says when it is done", async () => {
  const { fake, person } = await open();
  fake.neverAnswer("endpoint_add");
  await drop(fake, SONG);
  await person.type(await price(), "1");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByRole("progressbar")).toBeTruthy();
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
  await act(async () => fake.answerAgain("endpoint_add"));
  expect(await screen.findByText(/morning rain.* is for sale/)).toBeTruthy();
  expect(screen.queryByText(/Not priced yet/)).toBeNull();
});

test("what is cancelled while its file is read is not for sale afterwards, and its draft is kept", async () => {
  const { fake, person } = await open();
  fake.neverAnswer("endpoint_add");
  await drop(fake, SONG);
  await person.type(await price(), "1");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByRole("progressbar")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
  await act(async () => fake.answerAgain("endpoint_add"));
  expect(await screen.findByText(/morning rain.* was not put up for sale/)).toBeTruthy();
  const sold = fake.stall.shelf.endpoints.filter(({ path }) => path === "/morning-rain");
  expect(sold.map(({ state }) => state)).toEqual(["removed"]);
  await person.click(await screen.findByRole("button", { name: "Continue" }));
  expect((await price()).value).toBe("1");
  await person.click(screen.getByRole("button", { name: "Publish" }));
  expect(await screen.findByRole("heading", { name: /morning rain.* is for sale/ })).toBeTruthy();
});

test("a file chooser that cannot be opened is told", async () => {
  const { fake, person } = await open();
  fake.pickFile = () => Promise.reject(new Error("There is no file chooser here."));
  await person.click(screen.getAllByRole("button", { name: "Price a file" })[0] as HTMLElement);
  expect(await screen.findByText("No file could be chosen")).toBeTruthy();
  expect(screen.getByText("There is no file chooser here.")).toBeTruthy();
});

test("the address that asks for a file opens the chooser once, and forgets it", async () => {
  const fake = new Fake({ scenario: "empty" });
  fake.pickNext("/home/ada/essay.epub");
  const { router } = await open(fake, "/endpoints?add=true");
  expect(await screen.findAllByDisplayValue("essay")).toHaveLength(2);
  await waitFor(() => expect(router.state.location.search).not.toHaveProperty("add", true));
});
