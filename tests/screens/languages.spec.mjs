// The window in the languages it is translated into, in its smallest size: longer words cut nothing off.
import { unreadable } from "./layout.mjs";
import { expect, SIZES, test } from "./window.mjs";

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

    test("every page is read in it without a word cut off", async ({ window }) => {
      test.slow();
      const cut = [];
      for (const { path, scenario = "few" } of PAGES) {
        await window.open(path, { scenario });
        await window.page.waitForLoadState("networkidle");
        await window.rest();
        cut.push(...(await unreadable(window.page)).map((what) => `${path}: ${what}`));
      }
      expect(cut).toEqual([]);
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
