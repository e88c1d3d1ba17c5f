// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { noteVersion } from "../../platform/fake/versions";
import { routeTree } from "../../testing";

configure({ asyncUtilTimeout: 5000 });
afterEach(cleanup);

async function open() {
  const fake = new Fake({ scenario: "few" });
  const harbour = fake.stall.shelf.find("/harbour");
  fake.stall.shelf.publishAgain(harbour, "/home/ada/For sale/harbour-at-noon.jpg");
  // The next one takes the place of the one before.
  harbour.content = { ...harbour.content, sha256: "ab".repeat(32) } as typeof harbour.content;
  noteVersion(harbour, fake.stall.clock.now());
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${harbour.id}`] });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
  );
  const person = userEvent.setup();
  await person.click(await screen.findByRole("tab", { name: "Access & delivery" }));
  const ownersGet = async () =>
    ((await fake.call("endpoint_show", { endpoint: harbour.id })) as { ownersGet: string }).ownersGet;
  return { person, ownersGet };
}

test("owners keep what they bought once the seller says so, and Undo takes that back", async () => {
  const { person, ownersGet } = await open();
  await person.click(await screen.findByRole("radio", { name: "What they bought" }));
  await waitFor(async () => expect(await ownersGet()).toBe("bought"));
  await person.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(async () => expect(await ownersGet()).toBe("newest"));
});

test("each version says when it was published and how many bought it, and whose file is gone is told", async () => {
  const { person } = await open();
  await person.click(await screen.findByText("Version history"));
  const history = within(await screen.findByRole("list", { name: "Version history" }));
  const [now, , before] = history.getAllByRole("listitem");
  expect(within(now as HTMLElement).getByText("On sale now")).toBeTruthy();
  expect(within(before as HTMLElement).getByText(/^Bought: [1-9]/)).toBeTruthy();
  expect(history.queryByText(/owners get the newest/)).toBeNull();
  await person.click(screen.getByRole("radio", { name: "What they bought" }));
  const replaced = await history.findByText(/replaced, so its owners get the newest/);
  expect(history.getAllByRole("listitem")[1]?.contains(replaced)).toBe(true);
});
