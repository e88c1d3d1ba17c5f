// The list of payments and the drawer beside it, as somebody reads them.
import { expect, test } from "./window.mjs";

const rows = (page) => page.getByRole("grid").locator("[data-row]");
const drawer = (page) => page.getByRole("dialog", { name: /^Payment/ });
const idOf = (page) => page.url().match(/payments\/([^/?]+)/)?.[1];

test("a live payment appears by itself and does not move the row that is read", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  const read = rows(page).nth(4);
  const name = await read.getAttribute("data-row");
  await read.hover();
  const place = async () => (await page.locator(`[data-row="${name}"]`).boundingBox()).y;
  const before = await place();
  const bought = await page.evaluate(() => window.stall.buy());
  await expect(page.getByRole("button", { name: /new payment/ })).toBeVisible({ timeout: 2000 });
  expect(Math.abs((await place()) - before)).toBeLessThan(1);
  await page.getByRole("button", { name: /new payment/ }).click();
  await expect(page.locator(`[data-row="${bought}"]`)).toBeInViewport();
});

test("a row that the keyboard is on stays on it while others are scrolled by, and the arrows go on from there", async ({
  window,
}) => {
  const { page } = window;
  await window.open("/payments", { scenario: "full" });
  const row = page.locator(`[data-row="${await rows(page).nth(2).getAttribute("data-row")}"]`);
  await row.focus();
  await rows(page).nth(6).hover();
  await page.mouse.wheel(0, 2500);
  await expect(row).not.toBeInViewport();
  await expect(row).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator('[aria-rowindex="5"]')).toBeFocused();
  await expect(page.locator('[aria-rowindex="5"]')).toBeInViewport();
});

test("an address stays where it is when the pointer comes to its row", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  const address = rows(page).nth(1).locator("code").first();
  const before = await address.boundingBox();
  await rows(page).nth(1).hover();
  await expect(rows(page).nth(1).getByRole("button", { name: /^Copy/ }).first()).toBeVisible();
  expect(await address.boundingBox()).toEqual(before);
});

test("Esc closes the drawer and gives the focus back to its row", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  const row = rows(page).nth(2);
  await row.click();
  await expect(drawer(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toBeHidden();
  await expect(row).toBeFocused();
});

test("J and K go to the next payment and back while the drawer stays open", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  await rows(page).nth(2).click();
  await expect(drawer(page)).toBeVisible();
  const names = await rows(page).evaluateAll((all) => all.map((row) => row.dataset.row));
  expect(idOf(page)).toBe(names[2]);
  await page.keyboard.press("j");
  await expect.poll(() => idOf(page)).toBe(names[3]);
  await expect(drawer(page)).toBeVisible();
  await page.keyboard.press("k");
  await expect.poll(() => idOf(page)).toBe(names[2]);
  await page.keyboard.press("Escape");
  await expect(page.locator(`[data-row="${names[2]}"]`)).toBeFocused();
});

test("J leads to the payments from wherever the keyboard is, unless it is in a text", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  const search = page.getByRole("searchbox").first();
  await search.focus();
  await page.keyboard.press("j");
  await expect(search).toHaveValue("j");
  await search.fill("");
  await page.getByRole("link", { name: "Payments" }).focus();
  await page.keyboard.press("j");
  await expect(rows(page).first()).toBeFocused();
  await page.keyboard.press("j");
  await expect(rows(page).nth(1)).toBeFocused();
});

test("J leads to a list that lies below what is in sight, and from a row's own box on to the row", async ({ window }) => {
  const { page } = window;
  await page.setViewportSize({ width: 960, height: 640 });
  await window.open("/settlements/1");
  const first = rows(page).first();
  await expect(first).toBeAttached();
  await page.getByRole("link", { name: "Settlements" }).first().focus();
  await page.keyboard.press("j");
  await expect(first).toBeFocused();
  await expect(first).toBeInViewport({ ratio: 1 });
  await window.open("/payments");
  await rows(page).nth(2).getByRole("checkbox").click();
  await page.keyboard.press("j");
  await expect(rows(page).nth(2)).toBeFocused();
});

test("whoever goes on by keys after a press of the pointer sees on which row they are", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  await rows(page).nth(1).click();
  await page.keyboard.press("Escape");
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(rows(page).nth(2)).toBeFocused();
  await expect(rows(page).nth(2)).toHaveCSS("outline-style", "solid");
});

test("filters survive opening a payment and going back", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  const settled = page.getByRole("button", { name: /^Settled/ });
  await settled.click();
  await expect(settled).toHaveAttribute("aria-pressed", "true");
  await rows(page).first().click();
  await expect(drawer(page)).toBeVisible();
  await page.goBack();
  await expect(drawer(page)).toBeHidden();
  await expect(settled).toHaveAttribute("aria-pressed", "true");
  await expect(rows(page).first()).toContainText("Settled");
  await page.reload();
  await expect(settled).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(settled).toHaveAttribute("aria-pressed", "false");
});

test("a payment is found by the beginning of its transaction", async ({ window }) => {
  const { page } = window;
  await window.open("/");
  const { items } = await window.ask("payment_list", { states: ["settled"], limit: 1 });
  await page.keyboard.press("Control+k");
  await page.keyboard.type(items[0].transaction.slice(0, 8));
  await expect(page.getByRole("option").filter({ hasText: "Settled" }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(drawer(page)).toBeVisible();
});
