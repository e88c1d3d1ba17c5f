// The page on the real server: bought with a wallet in a browser, on a practice chain, and received again.
import { readFile } from "node:fs/promises";
import { Buyer } from "./buyer.mjs";
import { expect, GUIDE, test } from "./real-stall.mjs";

test.beforeEach(({ stall }) => stall.sellGuide());

test("a buyer with a browser and a wallet buys from the real server, holds a receipt, and receives again", async ({ buyer, stall }) => {
  const { page } = buyer;
  await buyer.open();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Field guide to coastal birds");
  const downloading = page.waitForEvent("download");
  await buyer.pay();
  await buyer.sees("You own this");
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("Küstenvögel.pdf");
  expect((await readFile(await download.path())).toString()).toBe(GUIDE);
  await expect.poll(async () => (await stall.payments()).map(({ delivery }) => delivery)).toEqual(["delivered"]);

  await buyer.open();
  await buyer.sees("You own this");
  const again = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download again" }).click();
  expect((await readFile(await (await again).path())).toString()).toBe(GUIDE);

  const receipt = await page.getByRole("link", { name: "Receipt" }).getAttribute("href");
  await page.goto(receipt);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Receipt");
  for (const words of ["$0.05", "Field guide to coastal birds", "Mara Lindqvist", "Base Sepolia", "no real money"]) {
    await expect(page.locator("body")).toContainText(words);
  }
  const signed = await page.locator("details pre").textContent();
  await page.getByRole("link", { name: "Verify a receipt" }).click();
  await page.getByLabel("Signed receipt").fill(signed);
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("heading", { name: "This stall signed it" })).toBeVisible();
  expect(await stall.payments()).toHaveLength(1);
});

test("who bought on another computer signs in, pays nothing, and receives again", async ({ browser, buyer, stall }) => {
  await buyer.open();
  await buyer.pay();
  await buyer.sees("You own this");
  const [{ id }] = await stall.payments();
  const link = await buyer.page.getByRole("link", { name: "Download again" }).getAttribute("href");
  await stall.tell("payment", "end-links", id);
  expect((await fetch(link)).status).toBe(410);

  const context = await browser.newContext();
  await buyer.wallet.install(context);
  const elsewhere = new Buyer(await context.newPage(), stall, buyer.wallet);
  await elsewhere.open();
  await elsewhere.press("Download again");
  await elsewhere.sees("Show that you bought this");
  const downloading = elsewhere.page.waitForEvent("download");
  await elsewhere.press("Fox Wallet");
  expect((await readFile(await (await downloading).path())).toString()).toBe(GUIDE);
  await elsewhere.sees("You own this");
  expect(elsewhere.faults).toEqual([]);
  expect(buyer.wallet.times("personal_sign")).toBe(1);
  expect(buyer.wallet.times("eth_signTypedData_v4")).toBe(1);
  await context.close();
  expect(await stall.payments()).toHaveLength(1);
});

test("the stall's own pages show the same goods to people, and fit a narrow screen", async ({ page, stall }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const address of ["/", "/guide", "/.stallkeeper/verify", "/nothing-here"]) {
    await page.goto(stall.origin + address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }
  await page.goto(stall.origin);
  await page.getByLabel("Search this stall").fill("coastal");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: "Field guide to coastal birds" }).click();
  await expect(page).toHaveURL(stall.url);
});
