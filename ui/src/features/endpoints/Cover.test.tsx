// @vitest-environment happy-dom
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, configure, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../../api/query-client";
import { InWindow } from "../../api/testing";
import { Fake } from "../../platform/fake/fake";
import { routeTree } from "../../testing";

configure({ asyncUtilTimeout: 5000 });
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function open(chosen: string) {
  const fake = new Fake({ scenario: "few" });
  vi.spyOn(fake, "pickFile").mockResolvedValue(chosen);
  const { id } = fake.stall.shelf.find("/harbour");
  const history = createMemoryHistory({ initialEntries: [`/endpoints/${id}`] });
  render(
    <InWindow platform={fake} client={createQueryClient()}>
      <RouterProvider router={createRouter({ routeTree, history })} />
    </InWindow>,
  );
  const choose = await screen.findByRole("button", { name: "Choose a picture…" });
  const cover = async () => (await fake.call("endpoint_show", { endpoint: id })) as { cover: unknown };
  return { fake, person: userEvent.setup(), choose, cover };
}

test("a cover is chosen, looked at and taken away again", async () => {
  const { person, choose, cover } = await open("/home/ada/harbour.jpg");
  await person.click(choose);
  expect(await screen.findByRole("img", { name: "Cover" })).toBeTruthy();
  expect((await cover()).cover).not.toBeNull();
  await person.click(screen.getByRole("button", { name: "Show none" }));
  await waitFor(() => expect(screen.queryByRole("img", { name: "Cover" })).toBeNull());
  expect((await cover()).cover).toBeNull();
});

test("what is no picture is refused with the reason, and nothing changes", async () => {
  const { person, choose, cover } = await open("/home/ada/harbour.pdf");
  await person.click(choose);
  expect(await screen.findByText("It is no PNG, JPEG or WebP picture.")).toBeTruthy();
  expect((await cover()).cover).toBeNull();
});

test("why no picture can be chosen is said in words", async () => {
  const { fake, person, choose } = await open("");
  // As the program rejects: with no Error.
  vi.spyOn(fake, "pickFile").mockRejectedValue({ code: "unavailable", message: "The dialog did not open." });
  await person.click(choose);
  expect(await screen.findByText("The dialog did not open.")).toBeTruthy();
  expect(document.body.textContent).not.toContain("[object");
});
