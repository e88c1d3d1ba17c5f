// Pictures of what buyers see on a real stall, in both themes, wide and narrow: `npm run pictures`.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Buyer, THEMES } from "../buyer/buyer.mjs";
import { expect, richWallet, test } from "../buyer/real-stall.mjs";
import { COVER } from "../buyer/stall.mjs";
import { Wallet } from "../buyer/wallet.mjs";
import { smaller } from "./smaller.mjs";

const FOLDER = fileURLToPath(new URL("../../../ui/screenshots/buyer/", import.meta.url));
const WIDTHS = [1280, 390];
const ABOUT = "124 pages with 80 drawings, made on the coast over three summers. PDF without copy protection; print it, mark it, take it outside.";

async function shoot(page, name) {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(() => scrollTo(0, 0));
      const picture = await page.screenshot({ fullPage: true });
      await writeFile(`${FOLDER}${name}-${colorScheme}-${width}.png`, smaller(picture));
    }
  }
}

/** A drawing as a file of the seller's. */
async function drawn(browser, stall) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 640 } });
  await page.setContent(`<style>body { margin: 0 }</style><img src="${COVER}" width="1280" height="640">`);
  const file = await stall.write("cover.png", await page.screenshot());
  await page.close();
  return file;
}

test.beforeEach(async ({ stall }) => {
  await stall.tell("settings", "set", "stall-contact", "mara@birds.example");
  await stall.tell("settings", "set", "stall-colour", "#0f766e");
});

/** A file with a drawing of it, at /guide. */
async function sellGuide(browser, stall) {
  const file = await stall.write("Küstenvögel.pdf", Buffer.alloc(4_200_000, "%PDF-1.7 the whole field guide\n"));
  const cover = await drawn(browser, stall);
  const words = ["--title", "Field guide to coastal birds", "--description", ABOUT, "--cover", cover];
  await stall.sell("--file", file, "--path", "/guide", ...words);
}

test("the page of a file, its receipt, and what is told of a receipt", async ({ browser, context, page, stall }) => {
  await sellGuide(browser, stall);
  const stranger = new Buyer(page, stall, null);
  await stranger.open();
  await stranger.sees("Pay with your wallet");
  await shoot(page, "no-wallet");
  const silent = await browser.newPage({ javaScriptEnabled: false });
  await silent.goto(stall.url);
  await shoot(silent, "no-javascript");
  await silent.close();

  const wallet = await richWallet(stall);
  await wallet.install(context);
  const buyer = new Buyer(page, stall, wallet);
  await buyer.open();
  await buyer.sees("Pay with your wallet");
  await expect(page.getByRole("button", { name: "Fox Wallet" })).toBeVisible();
  await shoot(page, "before");
  wallet.before.eth_signTypedData_v4 = () => new Promise(() => {});
  await buyer.pay();
  await buyer.sees("Sign the payment in Fox Wallet");
  await shoot(page, "paying");
  wallet.before.eth_signTypedData_v4 = Wallet.reject;
  await buyer.open();
  await buyer.pay();
  await buyer.says("You declined in the wallet");
  await shoot(page, "rejected");
  delete wallet.before.eth_signTypedData_v4;
  const downloading = page.waitForEvent("download");
  await buyer.press("Sign and pay $0.05");
  await (await downloading).path();
  await buyer.sees("You own this");
  await shoot(page, "paid");

  await page.goto(await page.getByRole("link", { name: "Receipt" }).getAttribute("href"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Receipt");
  await shoot(page, "receipt");
  const signed = await page.locator("details pre").textContent();
  await page.getByRole("link", { name: "Verify a receipt" }).click();
  await page.getByLabel("Signed receipt").fill(signed);
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("heading", { name: "This stall signed it" })).toBeVisible();
  await shoot(page, "verify");
});

test("the stall without goods, with some, and closed", async ({ browser, page, stall }) => {
  await page.goto(stall.origin);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await shoot(page, "stall-empty");
  await sellGuide(browser, stall);
  const snare = await stall.write("stems/snare.wav", Buffer.alloc(300_000));
  await stall.write("stems/drums/kick drum.wav", Buffer.alloc(120_000));
  const service = await stall.answering(() => "{}");
  const folder = snare.replace(/\/snare\.wav$/, "");
  await stall.sell("--folder", folder, "--path", "/stems", "--title", "Low tide, the stems");
  await stall.sell("--folder", folder, "--archive", "--path", "/all-stems", "--title", "Low tide, all stems");
  const verse = ["--title", "The tide tables lie", "--description", "A column about what is known and what is printed."];
  await stall.sell("--text", "First verse.", "--path", "/verse", ...verse);
  await stall.sell("--service", service, "--path", "/weather", "--pattern", "/{city}", "--title", "Coastal forecast");
  await page.goto(stall.origin);
  await expect(page.getByRole("link", { name: "Coastal forecast" })).toBeVisible();
  await shoot(page, "stall");
  await page.goto(`${stall.origin}/stems`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await shoot(page, "folder");
  await stall.tell("stall", "close");
  await page.goto(stall.origin);
  await expect(page.getByText(/closed/i).first()).toBeVisible();
  await shoot(page, "stall-closed");
});
