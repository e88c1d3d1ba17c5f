// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { Fake } from "../../platform/fake/fake";
import { prefer } from "../../ui/preferences";
import { show } from "./testing";

afterEach(() => {
  cleanup();
  prefer({ amountsHidden: false });
});

const settles = (fake: Fake) => fake.calls.filter(({ name }) => name === "settle");
const dialog = () => screen.findByRole("alertdialog");
const confirm = () => screen.findByRole("button", { name: /^Settle \$/ });

test("opening the dialog says how much, what it costs and where it goes, and sends nothing", async () => {
  const { fake } = show("few", "/?settle=true");
  await confirm();
  const text = (await dialog()).textContent ?? "";
  expect(text).toContain("Settle 12 payments?");
  expect(text).toContain("You receive$4.065");
  expect(text).toContain("about 0.00000468 ETH");
  expect(text).toContain("The gas wallet pays it; nothing is taken from your money.");
  expect(text).toContain("0x90F79b…93b906");
  expect(text).toContain("Base Sepolia");
  expect(text).toContain("nothing is sent twice");
  expect(screen.getByRole("heading", { name: "Home", hidden: true })).toBeDefined();
  expect(settles(fake)).toEqual([]);
});

test("focus begins on Cancel, and Esc closes without settling", async () => {
  const { fake, router } = show("few", "/?settle=true");
  await confirm();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(router.state.location.href).toBe("/");
  expect(settles(fake)).toEqual([]);
});

test("five quick presses send one transaction and lead to its batch", async () => {
  const { fake, clock, router } = show("few", "/?settle=true");
  const button = await confirm();
  const batches = fake.stall.settler.batches.length;
  await act(async () => {
    for (let nth = 0; nth < 5; nth += 1) {
      button.click();
    }
  });
  await waitFor(() => expect(router.state.location.pathname).toBe(`/settlements/${batches + 1}`));
  expect(settles(fake)).toHaveLength(1);
  await act(async () => clock.advance(20_000));
  expect(fake.stall.settler.batches).toHaveLength(batches + 1);
  expect(await screen.findByText("$4.065 arrived")).toBeDefined();
});

test("five presses by a person's keyboard send one transaction too", async () => {
  const { fake } = show("few", "/?settle=true", (stall) => stall.neverAnswer("settle"));
  (await confirm()).focus();
  await userEvent.keyboard("{Enter}{Enter}{Enter}{Enter}{Enter}");
  expect(settles(fake)).toHaveLength(1);
  expect((await confirm()).getAttribute("aria-disabled")).toBe("true");
});

test("a press that fails says so, and the next one repeats its key", async () => {
  const { fake, router } = show("few", "/?settle=true", (stall) =>
    stall.failNext("settle", "unavailable", 1, "The node does not answer."),
  );
  await userEvent.click(await confirm());
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Settling did not begin");
  expect(alert.textContent).toContain("The node does not answer.");
  expect(alert.textContent).toContain("the same press never settles twice");
  await userEvent.click(await confirm());
  await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/settlements\/\d+$/));
  const [failed, repeated] = settles(fake).map(({ body }) => (body as { key: string }).key);
  expect(repeated).toBe(failed);
});

test("a failure that is answered after the dialog was closed is still told", async () => {
  const { fake } = show("few", "/?settle=true", (stall) => {
    stall.neverAnswer("settle");
  });
  await userEvent.click(await confirm());
  await userEvent.click(await screen.findByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  fake.setNodeAway(true);
  await act(async () => fake.answerAgain("settle"));
  expect(await screen.findByRole("heading", { name: "Settling did not begin", hidden: true })).toBeDefined();
});

test("what hinders is a sentence, and then nothing can be pressed", async () => {
  const { fake } = show("attention", "/?settle=true");
  const button = await confirm();
  expect((await dialog()).textContent).toContain("The gas wallet holds 0 ETH");
  await userEvent.click(button);
  expect(settles(fake)).toEqual([]);
});

test("payments that are left out stand there with their reason and sum", async () => {
  show("hostile", "/?settle=true");
  await confirm();
  const text = (await dialog()).textContent ?? "";
  expect(text).toContain("11 of 12, checked just now");
  expect(text).toContain("1 payment is left out");
  expect(text).toContain("The buyer's wallet no longer holds enough.1 payment · $0.000001");
});

test("what stays behind is told by network and reason, and leads to what can be done and to the batch", async () => {
  const { fake, router } = show("hostile", "/?settle=true");
  const batches = fake.stall.settler.batches.length;
  await userEvent.click(await confirm());
  const left = within(await screen.findByRole("alertdialog", { name: "Not everything could be settled" }));
  const onNetwork = left.getByRole("region", { name: "Base Sepolia" });
  expect(onNetwork.textContent).toContain("The buyer's wallet no longer holds enough.");
  expect(onNetwork.textContent).toContain("1 payment · $0.000001");
  expect(left.getByRole("link", { name: "See what can be done" }).getAttribute("href")).toBe("/attention");
  await userEvent.click(left.getByRole("button", { name: "Show the batch" }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/settlements/${batches + 1}`));
});

test("nothing to settle is said calmly", async () => {
  show("empty", "/?settle=true");
  expect(await screen.findByText("Nothing to settle")).toBeDefined();
  expect(screen.queryByRole("button", { name: /Settle/ })).toBeNull();
});

test("a node that is away is told with what to do, and the dialog recovers", async () => {
  const { fake } = show("node-away", "/?settle=true");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("does not answer");
  expect(within(alert).getByRole("button", { name: "Copy details" })).toBeDefined();
  fake.setNodeAway(false);
  await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await confirm()).toBeDefined();
});

test("hidden amounts are hidden in the dialog too", async () => {
  prefer({ amountsHidden: true });
  show("few", "/?settle=true");
  expect(await screen.findByText("Settle 12 payments?")).toBeDefined();
  // What is said on hover counts too.
  const text = (await dialog()).innerHTML;
  expect(text).not.toMatch(/\$\d|4\.065|ETH/);
});
