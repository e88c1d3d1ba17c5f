// When payments settle by themselves, and how much is lent before their money has arrived.
import { expect, test } from "./window.mjs";

const change = (page, part) =>
  page.getByRole("region", { name: part, exact: true }).getByRole("button", { name: "Change…" }).click();

// I6: what waits is never outlived by a schedule.
test("a schedule that comes too late for what waits is refused beside its field, with the minutes that are left", async ({
  window,
}) => {
  const { page } = window;
  await window.open("/settings");
  await change(page, "Settling");
  const form = page.getByRole("dialog", { name: /^When/ });
  await form.getByRole("switch", { name: "After some time" }).click();
  const count = form.getByRole("textbox", { name: "After some time" });
  await count.fill("2");
  await expect(form.getByText(/has to be settled within 1\d minutes/)).toBeVisible();
  await expect(count).toHaveAttribute("aria-invalid", "true");
  expect((await window.ask("schedule_show")).items[0].manual).toBe(true);
});

test("a schedule that was chosen is what the page of settlements tells", async ({ window }) => {
  const { page } = window;
  await window.open("/settings", { scenario: "empty" });
  await change(page, "Settling");
  const form = page.getByRole("dialog", { name: /^When/ });
  await form.getByRole("switch", { name: "Every day at" }).click();
  await form.getByRole("textbox", { name: "Every day at" }).fill("18:00");
  await page.keyboard.press("Enter");
  await expect(form).toBeHidden();
  await page.getByRole("link", { name: "Settlements" }).click();
  const card = page.getByRole("main").locator("section", { hasText: "Next settlement by itself" });
  await expect(card).toContainText("by your schedule");
  await card.getByRole("link", { name: "Schedule…" }).click();
  await expect(page.getByRole("region", { name: "Settling", exact: true })).toBeInViewport();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeInViewport();
});

test("caps are changed with either decimal sign, shown as used, and taken back", async ({ window }) => {
  const { page } = window;
  await window.open("/settings");
  await change(page, "Exposure");
  const form = page.getByRole("dialog", { name: "Change the caps" });
  await form.getByRole("switch", { name: "All together" }).click();
  await form.getByRole("textbox", { name: "All together" }).fill("8,5");
  await form.getByRole("button", { name: "Save the caps" }).click();
  await expect(form).toBeHidden();
  const section = page.getByRole("region", { name: "Exposure", exact: true });
  await expect(section).toContainText("of $8.50");
  await expect(section.getByRole("meter", { name: "All together" })).toHaveAttribute("aria-valuetext", /% used/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(section).not.toContainText("of $8.50");
});

test.describe("in a language that writes decimals with a comma", () => {
  test.use({ locale: "sv-SE" });

  test("caps stand in their fields with a comma, and what is not touched stays what it is", async ({ window }) => {
    const { page } = window;
    await window.open("/settings", { scenario: "full" });
    const before = (await window.ask("exposure_show")).caps;
    await change(page, "Exposure");
    const form = page.getByRole("dialog", { name: "Change the caps" });
    await expect(form.getByRole("textbox", { name: "One sale" })).toHaveValue("10,00");
    await form.getByRole("textbox", { name: "A new buyer" }).fill("2,125");
    await form.getByRole("button", { name: "Save the caps" }).click();
    await expect(form).toBeHidden();
    const { caps } = await window.ask("exposure_show");
    expect(caps).toEqual({ ...before, perNewPayer: { amount: "2125000", decimals: 6, formatted: "2.125" } });
    await change(page, "Exposure");
    await form.getByRole("button", { name: "Save the caps" }).click();
    await expect(form).toBeHidden();
    expect((await window.ask("exposure_show")).caps).toEqual(caps);
  });
});
