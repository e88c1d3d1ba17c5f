// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import { Doctor } from "./Doctor";

afterEach(cleanup);

function open() {
  const fake = new Fake({ scenario: "few", clock: new SteppedClock(OPENING) });
  render(
    <InWindow platform={fake} client={new QueryClient()}>
      <Doctor />
    </InWindow>,
  );
  return { fake, person: userEvent.setup() };
}

test("one press looks at everything, and what is wrong stands first", async () => {
  const { fake, person } = open();
  await person.click(await screen.findByRole("button", { name: "Check now" }));
  const found = within(await screen.findByRole("status"));
  expect(found.getByText("Nothing is wrong.")).toBeTruthy();
  fake.setNodeAway(true);
  await person.click(screen.getByRole("button", { name: "Check again" }));
  expect(await found.findByText("Something needs you.")).toBeTruthy();
  expect(found.getAllByRole("listitem")[0]?.textContent).toMatch(/^Wrong: .*does not answer/);
});

test("a check that could not be made says why", async () => {
  const { fake, person } = open();
  fake.failNext("doctor", "internal", 1, "It stopped.");
  await person.click(await screen.findByRole("button", { name: "Check now" }));
  expect(await screen.findByText("It stopped.")).toBeTruthy();
});
