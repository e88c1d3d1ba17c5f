// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../testing";

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const ADDRESS = "/settings/notifications";

test("each thing is told in the ways that are on, and a sound comes with the system's notification", async () => {
  const { asked, person } = show(ADDRESS, "few");
  const sound = await screen.findByRole("switch", { name: "A sale: Sound" });
  await person.click(sound);
  await waitFor(() => expect(asked("notify_set")).toEqual([{ event: "sale", sound: true }]));
  await person.click(screen.getByRole("switch", { name: "A sale: System" }));
  await waitFor(() => expect(sound.getAttribute("aria-disabled")).toBe("true"));
  await person.click(screen.getByRole("switch", { name: "Gas running out: In this window" }));
  await waitFor(() =>
    expect(
      screen.getByRole("switch", { name: "Gas running out: In this window" }).getAttribute("aria-checked"),
    ).toBe("true"),
  );
});

test("quiet hours and the least amount are typed, and what is no time or amount is said beside it", async () => {
  const { asked, person } = show(ADDRESS, "few");
  await person.click(await screen.findByRole("switch", { name: "Quiet hours" }));
  const from = await screen.findByRole("textbox", { name: "From" });
  await person.clear(from);
  await person.type(from, "half past nine");
  const [saveTimes, saveLeast] = screen.getAllByRole("button", { name: "Save" });
  await person.click(saveTimes as HTMLElement);
  expect(await screen.findByText(/Write a time of day such as 22:00/)).toBeTruthy();
  await person.clear(from);
  await person.type(from, "21:30");
  await person.click(saveTimes as HTMLElement);
  await waitFor(() => expect(asked("notify_set").at(-1)).toEqual({ quiet: "21:30-07:00" }));
  const least = screen.getByRole("textbox", { name: "Sales of at least" });
  await person.type(least, "much");
  await person.click(saveLeast as HTMLElement);
  expect(await screen.findByText(/Write an amount in dollars/)).toBeTruthy();
  await person.clear(least);
  await person.type(least, "1.50");
  await person.click(saveLeast as HTMLElement);
  await waitFor(() => expect(asked("notify_set").at(-1)).toEqual({ least: "1.5" }));
});

test("what was not changed says why and stays", async () => {
  const { fake, person } = show(ADDRESS, "few");
  fake.failNext("notify_set", "file", 1, "The disk is full.");
  const toast = await screen.findByRole("switch", { name: "A sale: In this window" });
  await person.click(toast);
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  expect(toast.getAttribute("aria-checked")).toBe("true");
});

test("the focus stays where quiet hours and the least amount were changed", async () => {
  const { fake, asked, pass, person } = show(ADDRESS, "few");
  const quiet = await screen.findByRole("switch", { name: "Quiet hours" });
  await person.click(quiet);
  const from = await screen.findByRole("textbox", { name: "From" });
  expect(document.activeElement).toBe(quiet);
  await person.clear(from);
  await person.type(from, "21:30{Enter}");
  const least = screen.getByRole("textbox", { name: "Sales of at least" });
  await waitFor(() => expect(asked("notify_set")).toHaveLength(2));
  expect(document.activeElement).toBe(from);
  await person.type(least, "1.5{Enter}");
  await waitFor(() => expect((least as HTMLInputElement).value).toBe("1.50"));
  expect(document.activeElement).toBe(least);
  // What was changed elsewhere is followed all the same.
  await act(async () => {
    await fake.call("notify_set", { quiet: "20:00-06:00" });
    fake.stall.events.tell({ stale: ["everything"] });
  });
  await pass(1000);
  await waitFor(() => expect((from as HTMLInputElement).value).toBe("20:00"));
});
