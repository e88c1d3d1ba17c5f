// What holds on every page: themes, motion, large text, names that mean harm, and no pointer at all.
import { unreadable } from "./layout.mjs";
import { expect, SIZES, test } from "./window.mjs";

const PAGES = [
  "/",
  "/endpoints",
  "/payments",
  "/buyers",
  "/settlements",
  "/reports",
  "/attention",
  "/settings",
  "/settings/networks",
  "/settings/wallet",
  "/live",
];

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("the theme follows the system and the person, without loading anew", async ({ window }) => {
  const { page } = window;
  await window.open("/settings");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => {
    window.isTheSamePage = true;
  });
  const light = await background(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => background(page)).not.toBe(light);
  await page.getByRole("radio", { name: "Light" }).click();
  await expect.poll(() => background(page)).toBe(light);
  expect(await page.evaluate(() => window.isTheSamePage)).toBe(true);
});

test("nothing moves for those who wish for less motion", async ({ window }) => {
  const { page } = window;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await window.open("/payments");
  await page.evaluate(() => {
    window.longest = 0;
    const look = () => {
      for (const { effect } of document.getAnimations()) {
        window.longest = Math.max(window.longest, Number(effect.getComputedTiming().activeDuration));
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await page.getByRole("grid").locator("[data-row]").first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.evaluate(() => window.stall.buy());
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await page.evaluate(() => window.longest)).toBeLessThanOrEqual(1);
});

for (const path of PAGES) {
  test(`${path}: nothing is cut off when text is twice as large`, async ({ sharedWindow: window }) => {
    const { page } = window;
    await page.setViewportSize({ width: 1280, height: 800 });
    for (const scenario of ["few", "attention"]) {
      await window.open(path, { scenario });
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "200%";
      });
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await window.rest();
      expect(await unreadable(page, { sideways: false }), scenario).toEqual([]);
    }
  });
}

test("hostile names are shown as what they are, and do nothing", async ({ window }) => {
  const { page } = window;
  await window.open("/endpoints", { scenario: "hostile" });
  const shelf = page.getByRole("grid");
  await expect(shelf.getByText(`<script>document.title = "taken"</script>`)).toBeVisible();
  await expect(shelf.getByText("=1+1")).toBeVisible();
  for (const path of PAGES) {
    await window.open(path, { scenario: "hostile" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page).toHaveTitle("Stallkeeper");
    await expect(page.locator("main img, main script")).toHaveCount(0);
  }
});

test("nothing in the page can change what all objects inherit", async ({ window }) => {
  const { page } = window;
  await window.open("/");
  const tried = await page.evaluate(() => {
    const refused = (change) => {
      try {
        change();
        return false;
      } catch {
        return true;
      }
    };
    const plain = {};
    plain.toString = () => "its own";
    return {
      added: refused(() => Object.defineProperty(Object.prototype, "isAdmin", { value: true })),
      replaced: refused(() => Object.assign(Object.prototype, { toString: () => "taken" })),
      others: String({}),
      own: String(plain),
    };
  });
  expect(tried).toEqual({ added: true, replaced: true, others: "[object Object]", own: "its own" });
});

test("amounts that are hidden stand nowhere on the page", async ({ window }) => {
  const { page } = window;
  await window.open("/payments");
  await expect(page.getByRole("main")).toContainText("$");
  await page.getByRole("button", { name: "Hide amounts" }).click();
  for (const name of ["Home", "Endpoints", "Payments", "Buyers", "Settlements", "Reports", "Needs attention"]) {
    await page.getByRole("link", { name: new RegExp(`^${name}`) }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await window.rest();
    await expect(page.getByRole("main")).not.toContainText(/\$\d/);
  }
});

test("a toast never lies on the buttons of a record or a dialog", async ({ window }) => {
  const { page } = window;
  /** Which of the buttons something else lies on. */
  const covered = (buttons) =>
    buttons.evaluateAll((all) =>
      all
        .filter((button) => {
          const { x, y, width, height } = button.getBoundingClientRect();
          const hit = document.elementFromPoint(x + width / 2, y + height / 2);
          return !button.contains(hit);
        })
        .map(({ innerText }) => innerText),
    );
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await window.open("/endpoints");
    await page.getByRole("grid").locator("[data-row]").first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByText(/is paused/)).toBeVisible();
    await window.rest();
    expect(await covered(drawer.locator("footer button"))).toEqual([]);
    await page.keyboard.press("n");
    const sheet = page.getByRole("dialog", { name: "Price a file" });
    await expect(sheet.getByRole("textbox", { name: "Price" })).toBeVisible();
    await window.rest();
    expect(await covered(sheet.locator("footer button"))).toEqual([]);
  }
});

test("a file is priced, copied, sold and settled with the keyboard alone", async ({ window }) => {
  const { page } = window;
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Goes on until the focus is where it should be, and can be seen there. */
  const tabTo = async (target) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) {
        const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
        expect(outline).not.toBe("none");
        return;
      }
    }
    throw new Error("the focus never came there");
  };

  await window.open("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await press("n");
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("textbox", { name: "Price" })).toBeFocused();
  await page.keyboard.type("0.60");
  await press("Control+Enter");
  await expect(sheet.getByRole("heading", { name: /is for sale/ })).toBeVisible();
  await tabTo(sheet.getByRole("button", { name: "Copy link" }));
  await press("Enter");
  const link = await page.evaluate(() => window.stall.copied.at(-1));
  await press("Escape");
  await expect(sheet).toBeHidden();

  await page.evaluate((url) => window.stall.buy(new URL(url).pathname), link);
  await press("g", "y");
  await expect(page.getByRole("grid").locator("[data-row]").first()).toContainText("$0.60");
  await tabTo(page.getByRole("grid").locator('[data-row][tabindex="0"]'));
  await press("Enter");
  await expect(page.getByRole("dialog")).toContainText("$0.60");
  await press("Escape");

  await press("Control+Shift+S");
  const question = page.getByRole("alertdialog");
  const confirm = question.getByRole("button", { name: /^Settle \$/ });
  await expect(confirm).toBeVisible();
  await tabTo(confirm);
  await press("Enter");
  await expect(question).toBeHidden();
  await expect.poll(async () => (await window.ask("status")).money.pending.payments).toBe(0);
});

test("a key pressed while typing is only a letter, and letters can be turned off", async ({ window }) => {
  const { page } = window;
  await window.open("/endpoints");
  await page.getByRole("searchbox").or(page.getByRole("textbox")).first().click();
  await page.keyboard.type("n?/");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("switch", { name: "Single-letter keys" }).click();
  await page.getByRole("main").focus();
  await page.keyboard.press("Shift+?");
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("whoever is on a link of the side bar stays on it while the window becomes narrow and wide", async ({ window }) => {
  const { page } = window;
  await window.open("/");
  const link = page.getByRole("navigation").getByRole("link", { name: "Buyers" });
  await link.focus();
  await page.setViewportSize({ width: 960, height: 640 });
  await expect(link).toBeFocused();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(link).toBeFocused();
});

test("as the window opens, it asks each question once", async ({ window }) => {
  await window.open("/");
  await expect(window.page.getByText("$18.675").first()).toBeVisible();
  await window.rest();
  const asked = await window.page.evaluate(() => window.stall.calls.map((call) => JSON.stringify(call)));
  expect(asked.join()).toContain('"revenue"');
  expect(asked.filter((name, at) => asked.indexOf(name) !== at)).toEqual([]);
});

test("a section of the settings that the palette leads to is in sight when those above it have come", async ({ window }) => {
  const { page } = window;
  await window.open("/");
  await page.evaluate(() => {
    // Not every browser keeps what is read in its place by itself.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { overflow-anchor: none; }");
    document.adoptedStyleSheets.push(sheet);
    const { stall } = window;
    const { call } = stall;
    Object.assign(window, { asked: 0, answered: 0 });
    stall.call = async (name, body) => {
      window.asked += 1;
      // So long a busy stall takes.
      await new Promise((next) => setTimeout(next, 400));
      try {
        return await call.call(stall, name, body);
      } finally {
        window.answered += 1;
      }
    };
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Practice money");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.waitForFunction(() => window.asked > 0 && window.asked === window.answered);
  await window.rest();
  const section = page.getByRole("heading", { name: "Practice money" });
  await expect(section).toBeInViewport();

  // Whoever scrolls away stays there, also with the pointer beside the sections.
  await page.setViewportSize({ width: 1900, height: 800 });
  await expect(section).toBeInViewport();
  await page.mouse.move(1880, 400);
  await page.mouse.wheel(0, -9000);
  await expect(section).not.toBeInViewport();
  await page.setViewportSize({ width: 1100, height: 800 });
  await window.rest();
  await expect(section).not.toBeInViewport();
});

test("what is typed right after Ctrl+K is searched for, even while the other pages are still being read", async ({
  window,
}) => {
  const { page } = window;
  const held = [];
  await page.route(/\/pages-[^/]*\.js$/, (route) => held.push(route));
  await window.open("/");
  await expect(page.getByRole("heading", { name: "Home" })).toBeVisible();
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("notes");
  for (const route of held) {
    await route.continue();
  }
  await expect(page.getByRole("combobox", { name: "Search and commands" })).toHaveValue("notes");
});
