// Settling, the one thing here that moves money.
import { expect, test } from "./window.mjs";

const openDialog = async (window) => {
  await window.page.getByRole("button", { name: /^Settle \$/ }).click();
  return window.page.getByRole("alertdialog");
};

test("five quick presses on the confirm button settle once", async ({ window }) => {
  await window.open("/settlements");
  const confirm = (await openDialog(window)).getByRole("button", { name: /^Settle \$/ });
  await expect(confirm).toBeEnabled();
  await confirm.evaluate((button) => {
    for (let press = 0; press < 5; press += 1) {
      button.click();
    }
  });
  await expect(window.page.getByRole("heading", { level: 1, name: /Batch/ })).toBeVisible();
  expect(await window.calls("settle")).toBe(1);
});

test("the same press tried again after a failure names the same settlement", async ({ window }) => {
  await window.open("/settlements", { fail: "settle:unavailable" });
  const dialog = await openDialog(window);
  await dialog.getByRole("button", { name: /^Settle \$/ }).click();
  await expect(dialog.getByRole("alert")).toContainText("Settling did not begin");
  await dialog.getByRole("button", { name: /^Settle \$/ }).click();
  await expect(window.page.getByRole("heading", { level: 1, name: /Batch/ })).toBeVisible();
  const keys = await window.page.evaluate(() =>
    window.stall.calls.filter(({ name }) => name === "settle").map(({ body }) => body.key),
  );
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("opening the dialog sends nothing, and Esc leaves it without settling", async ({ window }) => {
  await window.open("/settlements");
  const dialog = await openDialog(window);
  await expect(dialog.getByText("You receive")).toBeVisible();
  await window.page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await window.calls("settle")).toBe(0);
});

test("what was pending on Home is settled by exactly the same amount", async ({ window }) => {
  await window.open("/");
  const sums = async () => {
    const { money } = await window.ask("status");
    return [BigInt(money.settled.amount), BigInt(money.pending.amount)];
  };
  const [settled, pending] = await sums();
  await window.page.keyboard.press("Control+Shift+S");
  await window.page.getByRole("alertdialog").getByRole("button", { name: /^Settle \$/ }).click();
  await expect(window.page.getByRole("main").getByText("Settled").first()).toBeVisible();
  await expect.poll(sums).toEqual([settled + pending, 0n]);
  await window.page.getByRole("link", { name: "Home" }).click();
  await expect(window.page.getByRole("main").getByText("$0.00").first()).toBeVisible();
});
