// What can go wrong between a wallet and a stall: each ends in a sentence and a next step, and in no charge.
import { expect, test } from "./buyer.mjs";
import { Wallet } from "./wallet.mjs";

test("who declines to connect is back where they were", async ({ buyer, stall, wallet }) => {
  wallet.before.eth_requestAccounts = Wallet.reject;
  await buyer.open();
  await buyer.press("Fox Wallet");
  await buyer.says("You declined in the wallet. Nothing was signed");
  await buyer.hears("You declined in the wallet.");
  await buyer.sees("Pay with your wallet");
  wallet.before = {};
  await buyer.pay();
  await buyer.sees("You own this");
  expect(stall.charges).toHaveLength(1);
});

test("who declines to sign sees again what would be signed", async ({ buyer, stall, wallet }) => {
  wallet.before.eth_signTypedData_v4 = Wallet.reject;
  await buyer.open();
  await buyer.pay();
  await buyer.says("You declined in the wallet");
  await buyer.sees("What you sign");
  expect(stall.payments).toEqual([]);
  wallet.before = {};
  await buyer.press("Sign and pay $0.05");
  await buyer.sees("You own this");
});

test("a wallet that already waits, and one that fails, say so", async ({ buyer, wallet }) => {
  wallet.before.eth_requestAccounts = () => {
    throw Object.assign(new Error("Request already pending"), { code: -32002 });
  };
  await buyer.open();
  await buyer.press("Fox Wallet");
  await buyer.says("Your wallet is already waiting for you");
  wallet.before.eth_requestAccounts = () => {
    throw new Error("<b>The vault is corrupt</b>");
  };
  await buyer.press("Fox Wallet");
  await buyer.says("<b>The vault is corrupt</b>");
});

test("a wallet that never answers holds nobody up", async ({ buyer, stall, wallet }) => {
  wallet.before.eth_signTypedData_v4 = () => new Promise(() => {});
  await buyer.open();
  await buyer.pay();
  await buyer.says("It has to name 0.05 USDC, which some wallets write as 50000, and 0x2096…287C.");
  await buyer.press("Start again");
  await buyer.sees("Pay with your wallet");
  wallet.before = {};
  await buyer.pay();
  await buyer.sees("You own this");
  expect(stall.charges).toHaveLength(1);
});

test("a wallet on another network is asked to change, and asked again if its owner wants", async ({ buyer, wallet }) => {
  wallet.chainId = 1;
  wallet.before.wallet_switchEthereumChain = Wallet.reject;
  await buyer.open();
  await buyer.press("Fox Wallet");
  await buyer.says("The change was declined in the wallet.");
  wallet.before = {};
  await buyer.press("Change to Base");
  await buyer.sees("What you sign");
  expect(wallet.chainId).toBe(8453);
});

test("a network that the wallet does not know, and cannot be told about, is named", async ({ buyer, stall, wallet }) => {
  stall.thing.environment = "practice";
  wallet.chainId = 1;
  wallet.knows = new Set([1]);
  await buyer.open();
  await buyer.press("Fox Wallet");
  await buyer.says("Your wallet does not know Base.");
  expect(wallet.times("wallet_addEthereumChain")).toBe(0);
});

test("who holds too little is told before signing, and goes on once there is enough", async ({ buyer, wallet }) => {
  wallet.balance = 49_999n;
  await buyer.open();
  await buyer.press("Fox Wallet");
  await buyer.says("This wallet holds 0.049999 USDC on Base, and the price is 0.05 USDC.");
  await buyer.says(wallet.account.address);
  expect(wallet.times("eth_signTypedData_v4")).toBe(0);
  wallet.balance = 50_000n;
  await buyer.press("Check again");
  await buyer.sees("What you sign");
});

test("a wallet that cannot say what it holds may still pay", async ({ buyer, wallet }) => {
  wallet.before.eth_call = () => {
    throw new Error("no node");
  };
  await buyer.open();
  await buyer.pay();
  await buyer.sees("You own this");
});

test("a seller who knows better than the wallet is believed", async ({ buyer, stall }) => {
  stall.next((response) => stall.refuse(response, "insufficient_funds", "It is promised elsewhere."));
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Not enough USDC");
  await buyer.says("what else it has promised");
});

test("a price that has changed is shown and asked about again", async ({ buyer, stall, wallet }) => {
  await buyer.open();
  await buyer.connect();
  stall.thing.price = "70000";
  await buyer.press("Sign and pay $0.05");
  await buyer.says("The price has changed from $0.05 to $0.07. Nothing was charged");
  await expect(buyer.page.locator("#price")).toHaveText("$0.07");
  expect(stall.charges).toEqual([]);
  await buyer.press("Sign and pay $0.07");
  await buyer.sees("You own this");
  expect(stall.charges).toMatchObject([{ value: "70000" }]);
  expect(wallet.times("eth_signTypedData_v4")).toBe(2);
});

test("a price that the wallet cannot pay any more is too little", async ({ buyer, stall, wallet }) => {
  wallet.balance = 60_000n;
  await buyer.open();
  await buyer.connect();
  stall.thing.price = "70000";
  await buyer.press("Sign and pay $0.05");
  await buyer.sees("Not enough USDC");
  await buyer.says("the price is 0.07 USDC");
});

test("a network that is not taken any more is chosen anew", async ({ buyer, stall }) => {
  await buyer.open();
  await buyer.connect();
  stall.thing.networks = ["eip155:137"];
  stall.next((response) => stall.refuse(response, "invalid_network"));
  await buyer.press("Sign and pay $0.05");
  await buyer.says("The seller is not paid this way any more.");
  await expect(buyer.page.locator("#paid-with")).toHaveText("0.05 USDC on Polygon");
});

test("a signature that came too late is made anew", async ({ buyer, stall }) => {
  const code = "invalid_exact_evm_payload_authorization_valid_before";
  stall.next((response) => stall.refuse(response, code, "It has expired."));
  await buyer.open();
  await buyer.pay();
  await buyer.says("The signature came too late and is worth nothing now.");
  await buyer.press("Sign and pay $0.05");
  await buyer.sees("You own this");
});

test("a settlement that failed charges nothing, and nothing is signed again by itself", async ({ buyer, stall, wallet }) => {
  stall.next((response) => stall.failed(response, "unexpected_settle_error", "The token is paused."));
  await buyer.open();
  await buyer.pay();
  await buyer.says("The payment could not be settled. Nothing was charged.");
  await buyer.says("The token is paused.");
  expect(wallet.times("eth_signTypedData_v4")).toBe(1);
});

test("a wallet that is not served is told so, and another one may pay", async ({ buyer, stall, wallet }) => {
  stall.blocked.add(wallet.account.address);
  const harbour = new Wallet({ name: "Harbour", rdns: "example.harbour", key: 1 });
  await harbour.install(buyer.page.context());
  await buyer.open();
  await buyer.pay();
  await buyer.sees("The seller takes no payments from this wallet");
  await buyer.press("Use another wallet");
  await buyer.press("Harbour");
  await buyer.press("Sign and pay $0.05");
  await buyer.sees("You own this");
  expect(stall.charges).toMatchObject([{ payer: harbour.account.address }]);
});

test("a seller who takes no more for now says when to come again", async ({ buyer, stall }) => {
  stall.next((response) => stall.refuse(response, "cap_reached", "The seller waits for earlier payments to be settled."));
  await buyer.open();
  await buyer.pay();
  await buyer.says("The seller cannot take this payment at the moment.");
  await buyer.says("The seller waits for earlier payments to be settled.");
});

test("another account in the wallet is another payer, and is shown before it signs", async ({ buyer, stall, wallet }) => {
  const other = new Wallet({ key: 1 });
  await buyer.open();
  await buyer.connect();
  await buyer.says("0x7099…79C8");
  wallet.account = other.account;
  await wallet.emit(buyer.page, "accountsChanged");
  await buyer.says("Your wallet has changed to another account");
  await buyer.says("0x3C44…93BC");
  await buyer.press("Sign and pay $0.05");
  await buyer.sees("You own this");
  expect(stall.charges).toMatchObject([{ payer: other.account.address }]);
});

test("an account that changed without a word is noticed before it signs", async ({ buyer, wallet }) => {
  await buyer.open();
  await buyer.connect();
  wallet.account = new Wallet({ key: 1 }).account;
  await buyer.press("Sign and pay $0.05");
  await buyer.says("Your wallet has changed to another account");
  expect(wallet.times("eth_signTypedData_v4")).toBe(0);
});

test("a closed stall says why, and opens by itself", async ({ buyer, page, stall }) => {
  stall.thing.closed = "The stall is closed until tomorrow morning.";
  await page.clock.install();
  await buyer.open();
  await buyer.sees("Not on sale right now");
  await buyer.says("The stall is closed until tomorrow morning.");
  // What is said anew shows that the answer is there, and the page waits again: before, turning its clock does nothing.
  stall.thing.closed = "The stall is closed until noon.";
  await buyer.press("Look again now");
  await buyer.says("The stall is closed until noon.");
  stall.thing.closed = null;
  await page.clock.runFor(62_000);
  await buyer.sees("Pay with your wallet");
  await expect(page.locator("#price")).toHaveText("$0.05");
});

test("what is not sold any more is said to be gone", async ({ buyer, stall }) => {
  stall.next((response) => response.writeHead(410).end());
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Not sold here any more");
});

test("what is called in another way than a browser's is left to programs", async ({ buyer, stall }) => {
  Object.assign(stall.thing, { kind: "service", method: "POST" });
  await buyer.open();
  await buyer.sees("Made for programs");
  await expect(buyer.page.getByRole("button")).toHaveCount(0);
});

test("a seller who sends the thing itself instead of a link is understood", async ({ buyer, stall }) => {
  stall.next((response) =>
    response
      .writeHead(200, { "content-type": "application/pdf", "content-disposition": 'attachment; filename="guide.pdf"' })
      .end("%PDF"),
  );
  await buyer.open();
  await buyer.pay();
  await buyer.sees("Paid. Here it is");
  const downloading = buyer.page.waitForEvent("download");
  await buyer.page.getByRole("link", { name: "Save" }).click();
  expect((await downloading).suggestedFilename()).toBe("guide.pdf");
});

test("a grant that leads to somebody else is not followed", async ({ buyer, stall }) => {
  stall.next((response) =>
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ grant: "https://elsewhere.example/d/a", receipt: "//elsewhere.example/r/a", status: null })),
  );
  await buyer.open();
  await buyer.pay();
  await buyer.says("This download link is over");
  await expect(buyer.page.locator('#pay a[href*="elsewhere"]')).toHaveCount(0);
});
