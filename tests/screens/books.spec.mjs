// What failed, and the books: followed up, reported and written to files with the keyboard alone.
import { expect, test } from "./window.mjs";

const exportsOf = ({ page }) =>
  page.evaluate(() => window.stall.calls.filter(({ name }) => name === "export").map(({ body }) => body));

test("a filter, E and Enter write exactly the rows that are shown", async ({ window }) => {
  const { page } = window;
  await window.open("/payments", { scenario: "attention" });
  await page.getByRole("button", { name: /^Problems/ }).click();
  const rows = Number(await page.getByRole("grid").getAttribute("aria-rowcount")) - 1;
  expect(rows).toBeGreaterThan(0);
  await page.keyboard.press("e");
  await expect(page.getByRole("button", { name: "Choose the file…" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText(`${rows} rows exported`)).toBeVisible();
  expect(await exportsOf(window)).toMatchObject([
    { what: "payments", format: "csv", filter: { states: ["failed", "expired", "cancelled", "diverted"] } },
  ]);
  await page.getByRole("button", { name: "Show in folder" }).click();
  expect(await page.evaluate(() => window.stall.shown)).toHaveLength(1);
});

test("the reports are two keys away, and Back undoes no choice that was made there", async ({ window }) => {
  const { page } = window;
  await window.open("/");
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page.getByRole("heading", { level: 1, name: "Reports" })).toBeVisible();
  await page.getByRole("radio", { name: "Endpoint" }).check();
  await expect(page).toHaveURL(/by=endpoint/);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
});

test("what was said to be settled elsewhere leaves the page once the chain agrees, and stays to be read", async ({
  window,
}) => {
  const { page } = window;
  await window.open("/attention", { scenario: "attention" });
  const group = page.getByRole("article").filter({ hasText: "no longer holds enough" });
  await group
    .getByRole("button", { name: /^More for/ })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "It was settled elsewhere…" })).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Which transaction settled it?" });
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.insertText(`https://sepolia.basescan.org/tx/0x${"ab".repeat(32)}`);
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("The money arrived.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(group.getByText("4 payments")).toBeVisible();
});

test("whoever writes a payment off by keys goes on where they were, and Undo brings it back", async ({
  window,
}) => {
  const { page } = window;
  await window.open("/attention", { scenario: "attention" });
  const group = page.getByRole("article").filter({ hasText: "no longer holds enough" });
  await group
    .getByRole("button", { name: /^More for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Write off…" }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /^Write off \$/ })
    .press("Enter");
  await expect(group.getByText("4 payments")).toBeVisible();
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(group.getByText("5 payments")).toBeVisible();
});

test("columns of a report have their points one below the other", async ({ window }) => {
  const { page } = window;
  await window.open("/reports?by=endpoint&period=year", { scenario: "full" });
  const ends = await page.getByRole("table").evaluate((table) =>
    [...table.querySelectorAll("tbody tr")].map((row) => {
      const words = document.createTreeWalker(row.lastElementChild, NodeFilter.SHOW_TEXT);
      const text = words.nextNode();
      const at = text.data.indexOf(".");
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return Math.round(range.getBoundingClientRect().left);
    }),
  );
  expect(ends.length).toBeGreaterThan(5);
  expect(Math.max(...ends) - Math.min(...ends)).toBeLessThanOrEqual(1);
});
