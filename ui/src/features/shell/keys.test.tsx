// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { routeTree } from "../../testing";
import { prefer } from "../../ui/preferences";

configure({ asyncUtilTimeout: 5000 });
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
});
afterEach(() => {
  cleanup();
  prefer({ letterKeys: true });
  vi.restoreAllMocks();
});

async function open() {
  const fake = new Fake({ scenario: "few" });
  const router = createRouter({
    routeTree,
    history: createMemoryHistory({ initialEntries: ["/payments"] }),
  });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={router} />
    </InWindow>,
  );
  await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(5));
  await within(screen.getByRole("region", { name: "Your stall" })).findByText("Selling");
  const person = userEvent.setup();
  return { fake, router, person, copy: vi.spyOn(fake, "copy") };
}

type Window = Awaited<ReturnType<typeof open>>;

const rows = () => screen.getAllByRole("row").slice(1);
const focused = () => rows().indexOf(document.activeElement as HTMLElement);

interface Key {
  /** What the sheet says of it. */
  word: string;
  press: string;
  isLetter?: boolean;
  /** Shows that it did what it says. */
  done(window: Window): unknown;
}

const at =
  (path: string) =>
  ({ router }: Window) =>
    expect(router.state.location.pathname).toBe(path);
const page = (word: string, letter: string, path: string): Key => ({
  word,
  press: `g${letter}`,
  isLetter: true,
  done: at(path),
});
const asked =
  (name: string) =>
  ({ fake }: Window) =>
    expect(fake.calls.filter((one) => one.name === name).length).toBeGreaterThan(0);
const opened = ({ router }: Window) =>
  expect(router.state.location.pathname).toBe(`/payments/${rows()[0]?.dataset.row}`);

/** In the order of the sheet. */
const KEYS: Key[] = [
  {
    word: "Search and commands",
    press: "{Control>}k{/Control}",
    done: () => screen.getByRole("dialog"),
  },
  {
    word: "Search",
    press: "/",
    isLetter: true,
    done: () => expect(document.activeElement?.getAttribute("aria-label")).toBe("Search payments"),
  },
  {
    word: "This list",
    press: "{Shift>}?{/Shift}",
    isLetter: true,
    done: () => screen.getByRole("dialog", { name: "Keys" }),
  },
  { word: "Price a file", press: "n", isLetter: true, done: at("/endpoints") },
  {
    word: "Settle now",
    press: "{Control>}{Shift>}S{/Shift}{/Control}",
    done: ({ router }) => expect(router.state.location.search).toMatchObject({ settle: true }),
  },
  { word: "Stall on or off", press: "{Control>}.{/Control}", done: asked("stall_set") },
  { word: "Settings", press: "{Control>},{/Control}", done: at("/settings") },
  {
    word: "Close the window",
    press: "{Control>}w{/Control}",
    done: ({ fake }) => expect([fake.program.closed, fake.program.quitted]).toEqual([true, false]),
  },
  {
    word: "Quit Stallkeeper",
    press: "{Control>}q{/Control}",
    // Held down, too: money is at stake, so only an answer quits.
    done: async ({ fake, person }) => {
      screen.getByRole("alertdialog", { name: "Quit while money is at stake?" });
      await person.keyboard("{Control>}{q>3/}{/Control}");
      expect([fake.program.closed, fake.program.quitted]).toEqual([false, false]);
    },
  },
  page("Home", "h", "/"),
  page("Endpoints", "e", "/endpoints"),
  page("Payments", "y", "/payments"),
  page("Buyers", "b", "/buyers"),
  page("Visitors", "v", "/visitors"),
  page("Settlements", "s", "/settlements"),
  page("Reports", "r", "/reports"),
  page("Needs attention", "a", "/attention"),
  page("Settings", ",", "/settings"),
  {
    word: "Next and previous row",
    press: "jjk",
    isLetter: true,
    done: () => expect(focused()).toBe(1),
  },
  { word: "Open", press: "{Enter}", done: opened },
  { word: "Select a row", press: "x", isLetter: true, done: () => screen.getByText(/^1 selected/) },
  {
    word: "Select up to this row",
    press: "xjj{Shift>}X{/Shift}",
    isLetter: true,
    done: () => screen.getByText(/^3 selected/),
  },
  {
    word: "Copy what a row is about",
    press: "c",
    isLetter: true,
    done: ({ copy }) => expect(copy).toHaveBeenCalledTimes(1),
  },
  {
    word: "Export what is shown",
    press: "e",
    isLetter: true,
    done: ({ router }) => expect(router.state.location.search).toMatchObject({ export: "payments" }),
  },
  {
    word: "Close",
    press: "{Enter}{Escape}",
    done: (window) => {
      at("/payments")(window);
      expect(focused()).toBe(0);
    },
  },
];

test("the sheet lists these keys and no others", async () => {
  const { person } = await open();
  await person.keyboard("{Shift>}?{/Shift}");
  const sheet = await screen.findByRole("dialog");
  const words = within(sheet).getAllByRole("term");
  expect(words.map(({ textContent }) => textContent)).toEqual(KEYS.map(({ word }) => word));
});

test.each(KEYS)("$word: $press", async ({ press, done }) => {
  const window = await open();
  act(() => rows()[0]?.focus());
  await window.person.keyboard(press);
  await waitFor(() => done(window));
});

test("single letters do nothing once they are turned off; all other keys still do", async () => {
  prefer({ letterKeys: false });
  const window = await open();
  for (const { press } of KEYS.filter(({ isLetter }) => isLetter === true)) {
    act(() => rows()[0]?.focus());
    await window.person.keyboard(press);
  }
  at("/payments")(window);
  expect(window.router.state.location.search).toEqual({});
  expect([focused(), screen.queryByText(/selected/), window.copy.mock.calls.length]).toEqual([0, null, 0]);
  await window.person.keyboard("{ArrowDown}{ArrowDown}");
  expect(focused()).toBe(2);
});

test("a dialog that begins on the button that closes it is closed by the first Esc, whatever its hint says", async () => {
  const { person } = await open();
  await person.keyboard("{Shift>}?{/Shift}");
  await screen.findByRole("dialog", { name: "Keys" });
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Close"));
  await waitFor(() => expect(screen.getByText("Close", { selector: "[data-open]" })).toBeTruthy());
  await person.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("letters that are typed are never keys", async () => {
  const window = await open();
  const field = screen.getByRole("searchbox");
  await window.person.type(field, "gsnexc/?j");
  at("/payments")(window);
  expect((field as HTMLInputElement).value).toBe("gsnexc/?j");
});

test("who turns the stall off while buyers download is asked first", async () => {
  const window = await open();
  const { fake, person } = window;
  fake.stall.downloads = 3;
  await person.keyboard("{Control>}.{/Control}");
  const question = await screen.findByRole("alertdialog");
  expect(question.textContent).toContain("3 downloads are under way");
  await person.click(within(question).getByRole("button", { name: "Keep selling" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(fake.calls.some(({ name }) => name === "stall_set")).toBe(false);
  fake.stall.downloads = 1;
  await person.keyboard("{Control>}.{/Control}");
  expect((await screen.findByRole("alertdialog")).textContent).toContain("1 download is under way");
  await person.click(await screen.findByRole("button", { name: "Pause the stall" }));
  await waitFor(() => asked("stall_set")(window));
  expect(fake.stall.status().selling).toBe(false);
});
