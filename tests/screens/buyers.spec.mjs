// Buyers: who pays, and how far each is trusted.
import { expect, test } from "./window.mjs";

const HEADING = { level: 1, name: "Buyers" };

test("the page of buyers is two keys away, and its rows are reached and opened by keys alone", async ({ window }) => {
  const { page } = window;
  await window.open("/");
  await page.getByRole("main").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(page.getByRole("heading", HEADING)).toBeVisible();
  const rows = page.getByRole("grid", { name: "Buyers" }).locator("tbody tr");
  await rows.first().focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Buyer" });
  await expect(drawer).toBeVisible();
  const first = page.url();
  await page.keyboard.press("j");
  await expect.poll(() => page.url()).not.toBe(first);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(rows.nth(2)).toBeFocused();
});

test("more buyers come as they are scrolled to, each once", async ({ window }) => {
  const { page } = window;
  await window.open("/buyers?show=settled", { scenario: "full" });
  const grid = page.getByRole("grid", { name: "Buyers" });
  await grid.locator("tbody tr").first().focus();
  for (let times = 0; times < 8; times += 1) {
    await page.keyboard.press("End");
    await page.waitForTimeout(50);
  }
  await expect.poll(() => window.calls("payer_list")).toBeGreaterThan(2);
  const asked = await page.evaluate(() =>
    window.stall.calls.flatMap(({ name, body }) => (name === "payer_list" && body.before !== undefined ? body.before : [])),
  );
  expect(asked.slice(0, 2)).toEqual(["100", "200"]);
  expect(new Set(asked).size).toBe(asked.length);
});

test("nobody is blocked by opening the question, nor by Esc", async ({ window }) => {
  const { page } = window;
  await window.open("/buyers");
  await page.getByRole("grid", { name: "Buyers" }).locator("tbody tr").first().click();
  await page.getByRole("button", { name: "Block…" }).click();
  const question = page.getByRole("alertdialog", { name: "Block this buyer?" });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(page.getByRole("dialog", { name: "Buyer" })).toBeVisible();
  expect(await window.calls("payer_set")).toBe(0);
});

test("a blocked buyer shows as blocked in the list at once, and Undo takes it back", async ({ window }) => {
  const { page } = window;
  await window.open("/buyers");
  const row = page.getByRole("grid", { name: "Buyers" }).locator("tbody tr").first();
  await row.click();
  await page.getByRole("button", { name: "Block…" }).click();
  await page.getByRole("button", { name: "Block the buyer" }).click();
  await expect(row).toContainText("Blocked");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Normal");
});
