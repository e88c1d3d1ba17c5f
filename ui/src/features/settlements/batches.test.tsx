// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import type { Fake } from "../../platform/fake/fake";
import { paymentId } from "../../platform/fake/payment-view";
import { show } from "./testing";

afterEach(cleanup);

/** What a toast says beside its title. */
async function toast(title: RegExp): Promise<string | null | undefined> {
  const heading = await screen.findByRole("heading", { name: title, hidden: true });
  return heading.parentElement?.textContent;
}

/** Waits until the window has heard which batches there are. */
async function begun() {
  await screen.findByTestId("heard");
  await act(async () => {});
}

function inEnvironment({ stall }: Fake, environment: "test" | "live") {
  stall.environment = environment;
}

test("a batch that ends is told on every page, with how much arrived", async () => {
  const { fake, clock, router } = show("few", "/");
  await begun();
  await fake.call("settle", {});
  await act(async () => clock.advance(400));
  expect(screen.queryByText(/arrived/)).toBeNull();
  await act(async () => clock.advance(20_000));
  expect(await screen.findByText("$4.065 arrived")).toBeDefined();
  expect(screen.getByText("Batch 2: 12 payments are settled.")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/settlements/2"));
});

test("a batch that settled in part says how much arrived and leads to what needs attention", async () => {
  const { fake, clock, router } = show("few", "/");
  await begun();
  const [first] = fake.stall.book.queued();
  if (first !== undefined) {
    first.doom = "underfunded";
  }
  await fake.call("settle", {});
  await act(async () => clock.advance(20_000));
  expect(await toast(/^\$\d.* of \$4\.065 arrived$/)).toContain("Batch 2: 1 payment did not settle.");
  await userEvent.click(screen.getByRole("button", { name: "Needs attention", hidden: true }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/attention"));
});

test("what says that payments did not settle goes once they are closed, and stays until then", async () => {
  const { fake, clock } = show("few", "/");
  await begun();
  const doomed = fake.stall.book.queued().slice(0, 2);
  for (const payment of doomed) {
    payment.doom = "underfunded";
  }
  await fake.call("settle", {});
  await act(async () => clock.advance(400));
  const lists = () => fake.calls.filter(({ name }) => name === "batch_list").length;
  await waitFor(() => expect(lists()).toBeGreaterThan(1));
  await act(async () => clock.advance(20_000));
  await toast(/arrived$/);
  const closes = async (seq: number) => {
    await fake.call("payment_write_off", { payments: [paymentId(fake.stall.seed, seq)] });
    await act(async () => clock.advance(1000));
  };
  for (const { seq } of doomed) {
    expect(await toast(/arrived$/)).toContain("2 payments did not settle.");
    const looks = () => fake.calls.filter(({ name }) => name === "batch_show").length;
    const before = looks();
    await closes(seq);
    await waitFor(() => expect(looks()).toBeGreaterThan(before));
  }
  await waitFor(() => expect(screen.queryByText(/arrived$/)).toBeNull());
});

test("what had ended before the window opened is no news", async () => {
  const { fake, clock } = show("few", "/");
  await begun();
  fake.buy();
  await act(async () => clock.advance(2000));
  expect(screen.queryByText(/arrived/)).toBeNull();
});

test("a batch that is under way when the window opens is told when it ends", async () => {
  const { clock } = show("few", "/", (stall) => {
    void stall.call("settle", {});
  });
  await begun();
  await act(async () => clock.advance(20_000));
  expect(await screen.findByText("$4.065 arrived")).toBeDefined();
});

test("a batch's page follows it by itself, from the choice of payments to its end", async () => {
  const { fake, clock } = show("few", "/settlements/2", (stall) => {
    void stall.call("settle", {});
  });
  expect(await screen.findByText("Not yet")).toBeDefined();
  expect(screen.getByText(/Settled means that it is in a block; final, that nothing can/)).toBeDefined();
  expect(screen.getByText("The transaction appears here as soon as it is signed.")).toBeDefined();
  await act(async () => clock.advance(1000));
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Copy the transaction hash" })).toBeDefined(),
  );
  expect(screen.getByText("Not in a block")).toBeDefined();
  await act(async () => clock.advance(20_000));
  expect(await screen.findByText("Nothing can take it back.")).toBeDefined();
  expect(screen.getByText("12 of 12 payments")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Copy the transaction hash" }));
  expect(fake.copied.at(-1)).toMatch(/^0x[0-9a-f]{64}$/);
  expect(screen.getByRole("button", { name: "Do something to 12" })).toBeDefined();
  expect(screen.getByRole("button", { name: "Copy as JSON" })).toBeDefined();
});

test("in practice no transaction leads to an explorer", async () => {
  show("few", "/settlements/1");
  await screen.findByText("48 of 48 payments");
  expect(screen.queryByRole("button", { name: /explorer/ })).toBeNull();
});

test("elsewhere a transaction opens in the explorer of its network", async () => {
  const { fake } = show("few", "/settlements/1", (stall) => inEnvironment(stall, "test"));
  await userEvent.click(
    await screen.findByRole("button", { name: "Show the transaction hash in the explorer" }),
  );
  expect(fake.opened).toEqual([
    expect.stringMatching(/^https:\/\/sepolia\.basescan\.org\/tx\/0x[0-9a-f]{64}$/),
  ]);
});

test("a batch that does not exist leads back to the list", async () => {
  show("few", "/settlements/99");
  expect(await screen.findByText("There is no such batch")).toBeDefined();
  expect(screen.getByRole("link", { name: "All settlements" })).toBeDefined();
});

test("the page's button says how much, and when it cannot be pressed it says why", async () => {
  const { fake, clock, router } = show("few", "/settlements");
  await userEvent.click(await screen.findByRole("button", { name: "Settle $4.065" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ settle: true }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  const button = await screen.findByRole("button", { name: "Settle $4.065" });
  button.focus();
  await act(async () => fake.setGas(0n));
  await act(async () => clock.advance(1000));
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
  const reason = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  expect(reason?.textContent).toContain("The gas wallet holds 0 ETH");
  expect(document.activeElement).toBe(button);
});

test("an empty gas wallet shows its code where real money may be sent, and only there", async () => {
  show("attention", "/settlements", (stall) => inEnvironment(stall, "live"));
  await userEvent.click(await screen.findByRole("button", { name: "Show the wallet's QR code" }));
  expect(await screen.findByRole("img", { name: "QR code of the gas wallet's address" })).toBeDefined();
  cleanup();
  show("attention", "/settlements");
  expect(await screen.findByText(/Never send real money here/)).toBeDefined();
  expect(screen.queryByRole("button", { name: "Show the wallet's QR code" })).toBeNull();
});
