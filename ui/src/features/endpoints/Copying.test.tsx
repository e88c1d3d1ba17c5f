// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { PlatformProvider } from "../../api/platform-context";
import { SteppedClock } from "../../platform/fake/clock";
import { Fake, OPENING } from "../../platform/fake/fake";
import { CopyChosen } from "./CopyChosen";

configure({ asyncUtilTimeout: 5000 });
vi.setConfig({ testTimeout: 30_000 });
afterEach(cleanup);

test("chosen endpoints are copied into another environment after a look at what would change there", async () => {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario: "few", clock });
  const [first, second] = fake.stall.shelf.endpoints.map(({ id }) => id);
  const ids = [first ?? "", second ?? ""];
  const onDone = vi.fn();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <PlatformProvider platform={fake} client={client}>
      <CopyChosen ids={ids} onDone={onDone} />
    </PlatformProvider>,
  );
  const pass = () => act(async () => clock.advance(1000));
  const person = userEvent.setup();
  await person.click(screen.getByRole("button", { name: "Copy to…" }));
  await pass();
  const form = within(await screen.findByRole("dialog", { name: "Copy endpoints" }));
  await pass();
  const [tick] = await form.findAllByRole("checkbox");
  await person.click(tick as HTMLElement);
  await person.click(form.getByRole("button", { name: "Copy 1 endpoint" }));
  await pass();
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  const asked = fake.calls.filter(({ name }) => name === "endpoint_copy").map(({ body }) => body);
  expect(asked).toEqual([{ from: "practice", to: "test", endpoints: [ids[1]] }]);
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
