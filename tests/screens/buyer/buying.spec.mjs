// The way of a buyer for whom everything goes well.
import { readFile } from "node:fs/promises";
import { expect, test } from "./buyer.mjs";
import { PAY_TO } from "./stall.mjs";
import { Wallet } from "./wallet.mjs";

test("a buyer reads what is signed, signs once, and gets the real file with its real name", async ({ buyer, stall }) => {
  const { page, wallet } = buyer;
  await buyer.open();
  await buyer.sees("Pay with your wallet");
  await buyer.connect();
  await buyer.says("$0.05 (0.05 USDC)");
  await buyer.says(PAY_TO);
  await buyer.says("Mara Lindqvist");
  await buyer.says("Base");
  await buyer.says("None for you");
  await buyer.says("holds 4.20 USDC");
  await buyer.says("It gives nobody access to anything else in your wallet");
  const downloading = page.waitForEvent("download");
  await buyer.press("Sign and pay $0.05");
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("Küstenvögel.pdf");
  expect((await readFile(await download.path())).toString()).toBe("%PDF-1.7 the whole field guide");
  await buyer.sees("You own this");
  await buyer.hears("Paid. Thank you! Your download has begun.");
  await buyer.says("the seller collects the money later");
  expect(stall.charges).toEqual([
    { payer: wallet.account.address, value: "50000", nonce: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
  ]);
  expect(wallet.asked.filter((method) => /sign/i.test(method))).toEqual(["eth_signTypedData_v4"]);
});

test("who comes back downloads again, without a wallet", async ({ buyer, stall }) => {
  const { page, wallet } = buyer;
  await buyer.open();
  await buyer.pay();
  await buyer.sees("You own this");
  stall.state = "settled";
  wallet.asked = [];
  await page.reload();
  await buyer.sees("You own this");
  await buyer.says("Settled: the seller has received the money.");
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download again" }).click();
  expect((await downloading).suggestedFilename()).toBe("Küstenvögel.pdf");
  expect(wallet.asked).toEqual([]);
  await page.getByRole("link", { name: "Receipt" }).click();
  await expect(page.getByRole("heading", { name: "Receipt" })).toBeVisible();
});

test("a link that is over is replaced for the wallet that paid, without a payment", async ({ buyer, stall }) => {
  const { page, wallet } = buyer;
  await buyer.open();
  await buyer.pay();
  await buyer.sees("You own this");
  stall.grants.clear();
  await page.reload();
  await buyer.says("This download link is over");
  await buyer.press("Get a new link");
  const downloading = page.waitForEvent("download");
  await buyer.press("Fox Wallet");
  await downloading;
  await buyer.sees("You own this");
  expect(wallet.times("personal_sign")).toBe(1);
  expect(wallet.times("eth_signTypedData_v4")).toBe(1);
});

test("in another browser the wallet that paid signs in and pays nothing", async ({ buyer, stall }) => {
  const { page, wallet } = buyer;
  stall.owners.add(wallet.account.address);
  await buyer.open();
  await buyer.press("Download again");
  await buyer.sees("Show that you bought this");
  const downloading = page.waitForEvent("download");
  await buyer.press("Fox Wallet");
  await downloading;
  await buyer.sees("You own this");
  expect(stall.charges).toEqual([]);
  expect(wallet.times("eth_signTypedData_v4")).toBe(0);
});

test("a wallet that has bought nothing is told so, and can buy", async ({ buyer }) => {
  await buyer.open();
  await buyer.press("Download again");
  await buyer.press("Fox Wallet");
  await buyer.says("This wallet has not bought this.");
  await buyer.press("I have not bought it yet");
  await buyer.pay();
  await buyer.sees("You own this");
});

test("where the seller offers no sign-in, an owner whose link is over signs again and is not charged", async ({
  buyer,
  stall,
}) => {
  stall.thing.signsIn = false;
  await buyer.open();
  await expect(buyer.page.getByRole("button", { name: "Download again" })).toHaveCount(0);
  await buyer.pay();
  await buyer.sees("You own this");
  stall.grants.clear();
  await buyer.page.reload();
  await buyer.says("Whoever owns this is not charged again.");
  await buyer.press("Get a new link");
  await buyer.pay();
  await buyer.sees("You own this");
  expect(stall.charges).toHaveLength(1);
});

test("both wallets are there, the one that was used last first, and no picture of theirs is fetched", async ({ buyer }) => {
  const { page } = buyer;
  const harbour = new Wallet({ name: "Harbour", rdns: "example.harbour", key: 1, icon: "https://elsewhere.example/icon.png" });
  await harbour.install(page.context());
  await buyer.open();
  const names = page.getByRole("list", { name: "Wallets in this browser" }).getByRole("button");
  await expect(names).toHaveText([/Fox Wallet/, /Harbour/]);
  await buyer.press("Harbour");
  await buyer.sees("What you sign");
  await page.reload();
  await expect(names).toHaveText([/Harbour.*used last/, /Fox Wallet/]);
});

test("a wallet that knows only the old place is found, too", async ({ page, stranger, wallet }) => {
  await page.exposeFunction("oldWallet", (question) => wallet.answer(question));
  await page.addInitScript(() => {
    window.ethereum = { request: (question) => window.oldWallet(question) };
  });
  await stranger.open();
  await stranger.press("Browser wallet");
  await stranger.sees("What you sign");
  await stranger.press("Sign and pay $0.05");
  await stranger.sees("You own this");
});

test("without a wallet there is a code for a phone, and links into wallets' apps; one that comes later is seen", async ({
  stall,
  stranger,
}) => {
  const { page } = stranger;
  await stranger.open();
  await stranger.says("No wallet was found in this browser");
  await expect(page.getByRole("img", { name: "QR code of this page’s address" })).toBeVisible();
  const apps = page.getByRole("list", { name: "Open this page in" }).getByRole("link");
  await expect(apps).toHaveText(["MetaMask", "Coinbase Wallet", "Rainbow", "Trust Wallet"]);
  const encoded = encodeURIComponent(stall.url);
  await expect(apps.nth(1)).toHaveAttribute("href", `https://go.cb-w.com/dapp?cb_url=${encoded}`);
  await page.evaluate(() => {
    const info = { uuid: "b", name: "Late Wallet", icon: "data:image/svg+xml,", rdns: "example.late" };
    const detail = { info, provider: { request: async () => [] } };
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  });
  await expect(page.getByRole("button", { name: "Late Wallet" })).toBeVisible();
});

test("a buyer pays on the network of their choice, which the wallet learns from the offer", async ({ buyer, stall, wallet }) => {
  stall.thing.networks = ["eip155:8453", "eip155:137"];
  const told = [];
  wallet.before.wallet_addEthereumChain = ([network]) => {
    told.push(network);
  };
  await buyer.open();
  await buyer.page.getByRole("radio", { name: "Polygon" }).check();
  await expect(buyer.page.locator("#paid-with")).toHaveText("0.05 USDC on Polygon");
  await buyer.pay();
  await buyer.sees("You own this");
  expect(told).toEqual([
    {
      chainId: "0x89",
      chainName: "Polygon",
      nativeCurrency: { name: "POL", symbol: "POL", decimals: 18 },
      rpcUrls: ["https://polygon.example"],
    },
  ]);
  expect(stall.charges).toHaveLength(1);
});

test("a folder's files are downloaded one by one", async ({ buyer, stall }) => {
  Object.assign(stall.thing, { kind: "folder", fileName: "stems.zip" });
  await buyer.open();
  await buyer.pay();
  const files = buyer.page.getByRole("list", { name: "Your files" }).getByRole("link");
  await expect(files).toHaveText(["drums.wav", "bass.wav", "voice.wav"]);
  const downloading = buyer.page.waitForEvent("download");
  await files.nth(1).click();
  await downloading;
});

test("a text is read on the page", async ({ buyer, stall }) => {
  Object.assign(stall.thing, { kind: "text", fileName: "tide.txt", sizeBytes: 33 });
  await buyer.open();
  await buyer.pay();
  await expect(buyer.page.getByRole("region", { name: "Your text" })).toHaveText("First verse,\nwhich was worth it.");
});

test("a service's answer is shown, and saved from the page", async ({ buyer, stall }) => {
  Object.assign(stall.thing, { kind: "service", fileName: null, sizeBytes: null });
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Paid. Here is the answer");
  await buyer.says('"forecast": "rain"');
  const downloading = buyer.page.waitForEvent("download");
  await buyer.page.getByRole("link", { name: "Save" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("answer.json");
  expect(JSON.parse(await readFile(await download.path(), "utf8"))).toEqual({ forecast: "rain", degrees: 11 });
});

for (const environment of ["practice", "test"]) {
  test(`${environment}: nobody can take it for real money`, async ({ buyer, stall, wallet }) => {
    stall.thing.environment = environment;
    wallet.balance = environment === "practice" ? 0n : wallet.balance;
    await buyer.open();
    await expect(buyer.page.getByRole("banner")).toContainText("no real money");
    await expect(buyer.page.locator("#price")).toHaveText("$0.05TEST");
    await buyer.connect();
    await expect(buyer.page.locator(".signed")).toContainText("TEST");
    // The wallet's own node knows another chain by practice's number.
    expect(wallet.times("eth_call")).toBe(environment === "practice" ? 0 : 1);
    await buyer.press("Sign and pay $0.05");
    await buyer.sees("You own this");
  });
}
