// The page on the real server: bought with a wallet in a browser, on a practice chain, and received again.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test as base, expect } from "@playwright/test";
import { Buyer } from "./buyer.mjs";
import { Wallet } from "./wallet.mjs";

const PROGRAM = fileURLToPath(new URL("../../../target/debug/stallkeeper", import.meta.url));
const GUIDE = "%PDF-1.7 the whole field guide";
const TOKEN = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

/** A running Stallkeeper that sells a guide, on a private chain of its own. */
class RealStall {
  static async open() {
    const stall = new RealStall();
    stall.folder = await mkdtemp(path.join(tmpdir(), "stall-"));
    await writeFile(path.join(stall.folder, "Küstenvögel.pdf"), GUIDE);
    const serve = ["--data-dir", path.join(stall.folder, "data"), "serve", "--listen", "127.0.0.1:0"];
    stall.program = spawn(PROGRAM, serve, { stdio: ["ignore", "pipe", "ignore"] });
    stall.ended = new Promise((ended) => stall.program.once("exit", ended));
    const { value } = await createInterface({ input: stall.program.stdout })[Symbol.asyncIterator]().next();
    stall.origin = JSON.parse(value).url;
    stall.url = `${stall.origin}/guide`;
    const file = path.join(stall.folder, "Küstenvögel.pdf");
    const words = ["--title", "Field guide to coastal birds", "--description", "124 pages with 80 drawings."];
    await stall.tell("endpoint", "add", "--file", file, "--path", "/guide", "--price", "0.05", ...words);
    await stall.tell("settings", "set", "stall-name", "Mara Lindqvist");
    return stall;
  }

  async tell(...words) {
    const told = ["--data-dir", path.join(this.folder, "data"), "--json", ...words];
    const { stdout } = await promisify(execFile)(PROGRAM, told);
    return JSON.parse(stdout);
  }

  /** Gives an account money to spend. */
  async fund(account) {
    const [{ setUp }] = (await this.tell("network", "list")).items;
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_dealERC20", params: [account, TOKEN, "0x989680"] });
    const answer = await fetch(setUp.rpcUrls[0], { method: "POST", headers: { "content-type": "application/json" }, body });
    expect((await answer.json()).error).toBeUndefined();
  }

  async payments() {
    return (await this.tell("payment", "list")).items;
  }

  async close() {
    this.program.kill("SIGTERM");
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

const test = base.extend({
  stall: async ({ browserName: _ }, use) => {
    const stall = await RealStall.open();
    await use(stall);
    await stall.close();
  },

  buyer: async ({ context, page, stall }, use) => {
    const wallet = new Wallet();
    wallet.chainId = 84_532;
    wallet.knows.add(84_532);
    await stall.fund(wallet.account.address);
    await wallet.install(context);
    const buyer = new Buyer(page, stall, wallet);
    await use(buyer);
    expect(buyer.faults).toEqual([]);
  },
});

test.setTimeout(90_000);

test("a buyer with a browser and a wallet buys from the real server, holds a receipt, and receives again", async ({ buyer, stall }) => {
  const { page } = buyer;
  await buyer.open();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Field guide to coastal birds");
  const downloading = page.waitForEvent("download");
  await buyer.pay();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("Küstenvögel.pdf");
  expect((await readFile(await download.path())).toString()).toBe(GUIDE);
  await buyer.sees("You own this");
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
