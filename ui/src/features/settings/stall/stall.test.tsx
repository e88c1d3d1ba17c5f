// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Fake } from "../../../platform/fake/fake";
import { show } from "../testing";

afterEach(cleanup);

async function open(prepare?: (fake: Fake) => void) {
  const window = show("/settings", "few", prepare);
  const part = within(await screen.findByRole("region", { name: "Stall" }));
  await part.findByLabelText("Name");
  return { ...window, part };
}

test("what buyers read of the seller is saved, and only what was changed", async () => {
  const { asked, part, person } = await open();
  await person.type(part.getByLabelText("Name"), "Ada's harbour");
  await person.type(part.getByLabelText("Contact"), "ada@example.org");
  await person.click(part.getAllByRole("button", { name: "Save" })[0] as HTMLElement);
  expect(await screen.findByText("The stall's pages show it now")).toBeTruthy();
  expect(asked("settings_set")).toEqual([
    { key: "stall-name", value: "Ada's harbour" },
    { key: "stall-contact", value: "ada@example.org" },
  ]);
});

test("a colour that is none is said before it is saved", async () => {
  const { asked, part, person } = await open();
  await person.type(part.getByLabelText("Colour"), "teal{Enter}");
  expect(part.getByText(/six digits or letters/)).toBeTruthy();
  expect(asked("settings_set")).toEqual([]);
});

test("a refusal of the app stands beside what was typed, and nothing typed is lost", async () => {
  const { fake, part, person } = await open();
  fake.failNext("settings_set", "invalid_request", 1, "That is too long; 60 characters are shown at most.");
  await person.type(part.getByLabelText("Contact"), "ada@example.org");
  await person.type(part.getByLabelText("Name"), "A name{Enter}");
  expect(await part.findByText(/60 characters are shown at most/)).toBeTruthy();
  expect((part.getByLabelText("Name") as HTMLInputElement).value).toBe("A name");
  expect((part.getByLabelText("Contact") as HTMLInputElement).value).toBe("ada@example.org");
});

test("downloads are limited by a whole number, and unlimited by nothing", async () => {
  const { asked, part, person } = await open((fake) => {
    fake.stall.settings.set("downloads-per-payment", "5");
  });
  const field = part.getByLabelText("Downloads for one payment");
  await person.clear(field);
  await person.type(field, "1.5{Enter}");
  expect(part.getByText(/Write a whole number/)).toBeTruthy();
  await person.clear(field);
  await person.type(field, "{Enter}");
  await waitFor(() => expect(asked("settings_set")).toEqual([{ key: "downloads-per-payment", value: "" }]));
  expect(await screen.findByText("Saved. It holds from the next download on.")).toBeTruthy();
  // Whoever saved by the keyboard goes on where they were.
  expect(document.activeElement).toBe(field);
});

test("what programs and visitors' addresses get is switched at once", async () => {
  const { asked, part, person } = await open();
  await person.click(part.getByRole("switch", { name: "Name the payment where its transaction will be" }));
  await person.click(part.getByRole("switch", { name: "Keep visitors' network addresses" }));
  await waitFor(() =>
    expect(asked("settings_set")).toEqual([
      { key: "id-as-transaction", value: "on" },
      { key: "request-addresses", value: "on" },
    ]),
  );
});

test("the stall's page opens in the person's own browser", async () => {
  const { fake, part, person } = await open();
  await person.click(part.getByRole("button", { name: "See it" }));
  expect(fake.opened).toEqual([fake.stall.url()]);
});

test("the seller's picture is chosen and shown", async () => {
  const { asked, part, person } = await open((fake) => {
    vi.spyOn(fake, "pickFile").mockResolvedValue("/home/ada/me.png");
  });
  await person.click(await part.findByRole("button", { name: "Choose a picture…" }));
  expect(await part.findByRole("img", { name: "Picture" })).toBeTruthy();
  expect(asked("seller_picture")).toEqual([{ file: "/home/ada/me.png" }]);
});
