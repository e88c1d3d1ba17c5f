// What holds in every state: accessible, readable in both themes from 320 pixels on, by keyboard, and without JavaScript.
import { barriers, rules } from "../barriers.mjs";
import { unreadable } from "../layout.mjs";
import { expect, SIZES, test, THEMES } from "./buyer.mjs";
import { STATES, show } from "./states.mjs";

const RULES = rules("tag", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]);

/** Colours differ between the themes and places between the sizes, so each is looked at once. */
async function look(page) {
  for (const [index, colorScheme] of THEMES.entries()) {
    const size = SIZES[index];
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    await page.evaluate(() => scrollTo(0, 0));
    expect(await barriers(page, RULES), `${colorScheme}, ${size.width} pixels`).toEqual([]);
    expect(await sideways(page), `${size.width} pixels`).toEqual([]);
  }
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
  });
  expect(await sideways(page), "letters twice as large").toEqual([]);
}

/** The page is read from top to bottom, so only what is cut off or lies beside it counts. */
async function sideways(page) {
  const found = await unreadable(page);
  return found.filter((sentence) => !sentence.includes("(y)"));
}

for (const state of STATES.filter(({ isStranger }) => !isStranger)) {
  test(`${state.title}: read by everybody`, async ({ buyer }) => {
    await show(state, buyer);
    await look(buyer.page);
  });
}

for (const state of STATES.filter(({ isStranger }) => isStranger)) {
  test(`${state.title}: read by everybody`, async ({ stranger }) => {
    await show(state, stranger);
    await look(stranger.page);
  });
}

test("a purchase needs no pointer, and the focus goes along", async ({ buyer, page }) => {
  await buyer.open();
  const wallet = page.getByRole("button", { name: "Fox Wallet" });
  while (!(await wallet.evaluate((button) => button === document.activeElement))) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  const heading = page.getByRole("heading", { name: "What you sign" });
  await expect(heading).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Sign and pay $0.05" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "You own this" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Download again" })).toBeFocused();
});

test("who reads elsewhere on the page is left there when the checkout changes by itself", async ({ buyer, page }) => {
  await buyer.open();
  const details = page.getByText("How a program or an agent pays");
  await details.focus();
  const other = await buyer.tab();
  await other.pay();
  await other.sees("You own this");
  await buyer.sees("You own this");
  await expect(details).toBeFocused();
});

test("who does not see the page hears each step once", async ({ buyer, page, wallet }) => {
  let sign = () => {};
  wallet.before.eth_signTypedData_v4 = () =>
    new Promise((done) => {
      sign = done;
    });
  await buyer.open();
  await expect(page.getByRole("status")).toHaveText("");
  await buyer.connect();
  await buyer.hears("What you sign");
  await buyer.press("Sign and pay $0.05");
  await buyer.hears("Sign the payment in Fox Wallet");
  await expect(page.getByRole("listitem").filter({ hasText: "Sign" })).toHaveAttribute("aria-current", "step");
  sign();
  await buyer.hears("Paid. Thank you!");
});

test("choosing among ways to pay keeps the focus where it is", async ({ buyer, page, stall }) => {
  stall.thing.networks = ["eip155:8453", "eip155:137"];
  await buyer.open();
  const base = page.getByRole("radio", { name: "Base" });
  await base.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: "Polygon" })).toBeFocused();
  await expect(page.getByRole("radio", { name: "Polygon" })).toBeChecked();
  await expect(page.locator("#paid-with")).toHaveText("0.05 USDC on Polygon");
});

test("names that mean harm are shown as what they are", async ({ buyer, page }) => {
  await show(
    STATES.find(({ title }) => title === "names that mean harm"),
    buyer,
  );
  await expect(page.getByRole("heading", { level: 1 })).toContainText("</script><script>alert(2)</script>");
  await expect(page.locator("img:not(.cover)")).toHaveCount(0);
  expect(await page.evaluate(() => document.scripts.length)).toBe(2);
});

test("nothing that is written into the page's data ends it", async ({ buyer, page, stall }) => {
  stall.thing.title = "</script><script>window.harmed = true</script><!--\u2028 & <";
  await buyer.open();
  await buyer.sees("Pay with your wallet");
  expect(await page.evaluate(() => JSON.parse(document.getElementById("offer").textContent).page.title)).toBe(
    stall.thing.title,
  );
  expect(await page.evaluate(() => window.harmed)).toBeUndefined();
});

test("nobody may show the page inside of theirs", async ({ page, stall }) => {
  const answer = await page.goto(stall.url);
  expect(answer.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
});

test("what stands there without JavaScript is read by everybody", async ({ page, stall }) => {
  // Whoever checks the page needs JavaScript, so the page's own is left out and what is for those without it is shown.
  await page.route("**/buyer.js", (route) => route.abort());
  await page.route(stall.url, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll("noscript>", "div>");
    await route.fulfill({ response, body });
  });
  await page.goto(stall.url);
  await expect(page.getByRole("heading", { name: "To pay in this browser, turn on JavaScript" })).toBeVisible();
  await look(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says what it is, what it costs, and how to pay", async ({ page, stranger }) => {
    await stranger.open();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Field guide to coastal birds");
    await expect(page.getByText("$0.05")).toBeVisible();
    await expect(page.getByText("0.05 USDC on Base")).toBeVisible();
    await expect(page.getByRole("heading", { name: "To pay in this browser, turn on JavaScript" })).toBeVisible();
    await page.getByText("How a program or an agent pays").click();
    await expect(page.getByText("with the terms in the header PAYMENT-REQUIRED")).toBeVisible();
  });

  test("a closed stall says why", async ({ page, stall, stranger }) => {
    stall.thing.closed = "The stall is closed until tomorrow morning.";
    await stranger.open();
    await expect(page.getByText("The stall is closed until tomorrow morning.")).toBeVisible();
  });
});
