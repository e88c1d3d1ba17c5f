// The window in the languages it is translated into, in its smallest size: longer words cut nothing off.
import { unreadable } from "./layout.mjs";
import { expect, SIZES, test, windowOf } from "./window.mjs";

const [, SMALLEST] = SIZES;

const PAGES = [
  { path: "/" },
  { path: "/welcome?step=try" },
  { path: "/endpoints" },
  { path: "/payments?period=own&from=2026-11-01&to=2026-11-21" },
  { path: "/payments?settle=true" },
  { path: "/payments?export=payments" },
  { path: "/buyers" },
  { path: "/visitors" },
  { path: "/settlements" },
  { path: "/reports" },
  { path: "/attention", scenario: "attention" },
  { path: "/settings", scenario: "full" },
  { path: "/settings/networks", scenario: "test" },
  { path: "/settings/reach", scenario: "full" },
  { path: "/settings/wallet", scenario: "full" },
  { path: "/settings/webhooks", scenario: "full" },
  { path: "/settings/computer" },
  { path: "/live", scenario: "live" },
];

for (const [locale, home] of [
  ["de-DE", "Start"],
  ["es-ES", "Inicio"],
]) {
  test.describe(locale, () => {
    test.use({ locale, viewport: SMALLEST });

    let shared;
    test.beforeAll(async ({ browser }) => {
      shared = await windowOf(browser, { locale, viewport: SMALLEST });
    });
    test.afterAll(() => shared.page.context().close());

    for (const { path, scenario = "few" } of PAGES) {
      test(`${path} is read in it without a word cut off`, async () => {
        const { page, faults } = shared;
        await shared.open(path, { scenario });
        await expect(page.getByRole("heading").first()).toBeVisible();
        // Nothing keeps the place of what is still to come.
        await expect(page.locator(".animate-pulse")).toHaveCount(0);
        await shared.rest();
        expect([...faults.splice(0), ...(await unreadable(page))]).toEqual([]);
      });
    }

    test("the tabs of an endpoint stand in one line", async ({ window }) => {
      const { page } = window;
      await window.open("/endpoints");
      await page.getByRole("grid").locator("[data-row]").first().click();
      const tabs = page.getByRole("tab");
      await expect(tabs).toHaveCount(6);
      const tops = await tabs.evaluateAll((all) => all.map((tab) => tab.getBoundingClientRect().top));
      expect(new Set(tops).size).toBe(1);
    });

    test("a language that is chosen is kept, and its numbers with it", async ({ window }) => {
      const { page } = window;
      await window.open("/");
      await expect(page.getByRole("heading", { name: home, level: 1 })).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("lang", locale.slice(0, 2));
      await expect(page.getByText(/18,675\s\$/).first()).toBeVisible();
      await window.open("/settings");
      await page.getByRole("combobox").first().click();
      await page.getByRole("option", { name: "English" }).click();
      await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
      await expect(page.getByText("$1,234.50")).toBeVisible();
    });
  });
}
