// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { InWindow } from "../../api/testing";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import { Copying } from "./Copying";

configure({ asyncUtilTimeout: 5000 });
afterEach(cleanup);

function show(environment: "practice" | "test" | "live", copying: (fake: Fake) => ReactNode) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario: "few", clock });
  fake.stall.environment = environment;
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <InWindow platform={fake} client={client}>
      {copying(fake)}
    </InWindow>,
  );
  return { fake, pass: () => act(async () => clock.advance(1000)), person: userEvent.setup() };
}

const idsOf = (fake: Fake) => fake.stall.shelf.endpoints.slice(0, 2).map(({ id }) => id);

test("chosen endpoints are copied into another environment after a look at what would change there", async () => {
  const onDone = vi.fn();
  const { fake, pass, person } = show("practice", (stall) => (
    <Copying chosen={idsOf(stall)} onDone={onDone} />
  ));
  await person.click(await screen.findByRole("button", { name: "Copy to…" }));
  await pass();
  const form = within(await screen.findByRole("dialog", { name: "Copy endpoints" }));
  await pass();
  const [tick] = await form.findAllByRole("checkbox");
  await person.click(tick as HTMLElement);
  await person.click(form.getByRole("button", { name: "Copy 1 endpoint" }));
  await pass();
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  const asked = fake.calls.filter(({ name }) => name === "endpoint_copy").map(({ body }) => body);
  expect(asked).toEqual([{ from: "practice", to: "test", endpoints: [idsOf(fake)[1]] }]);
  // Where there is nothing to copy any more, it says why.
  await person.click(screen.getByRole("button", { name: "Copy to…" }));
  await pass();
  const again = within(await screen.findByRole("dialog", { name: "Copy endpoints" }));
  await pass();
  await person.click(again.getByRole("button", { name: "Copy 1 endpoint" }));
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(2));
  await person.click(screen.getByRole("button", { name: "Copy to…" }));
  await pass();
  expect(await screen.findByText("All of them are the same already.")).toBeTruthy();
});

test.each([
  { here: "practice", away: "test", back: "test" },
  { here: "test", away: "live", back: "practice" },
  { here: "live", away: "test", back: "test" },
] as const)("from $here they go to $away first, and come from $back", async ({ here, away, back }) => {
  const { fake, pass, person } = show(here, (stall) => (
    <>
      <Copying chosen={idsOf(stall)} />
      <Copying />
    </>
  ));
  const asked = () =>
    fake.calls.filter(({ name }) => name === "endpoint_copy_preview").map(({ body }) => body);
  for (const [button, expected] of [
    ["Copy to…", { from: here, to: away, endpoints: idsOf(fake) }],
    ["Copy endpoints…", { from: back, to: here }],
  ] as const) {
    await person.click(await screen.findByRole("button", { name: button }));
    const form = within(await screen.findByRole("dialog", { name: "Copy endpoints" }));
    await pass();
    await waitFor(() => expect(asked().at(-1)).toEqual(expected));
    await person.click(form.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  }
});
