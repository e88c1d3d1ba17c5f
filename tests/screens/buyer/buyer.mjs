// A buyer with a browser, a wallet, and a stall that sells one thing.
import { test as base, expect } from "@playwright/test";
import { Stall } from "./stall.mjs";
import { Wallet } from "./wallet.mjs";

export { expect };

export const SIZES = [
  { width: 1280, height: 800 },
  { width: 320, height: 640 },
];

export const THEMES = ["light", "dark"];

/** Notes down what the page must never do: errors, what its content policy forbids, requests to anybody else. */
function watch(page, stall, faults) {
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    // A browser says of every answer of 400 and more that it is one.
    if (["error", "warning"].includes(message.type()) && !/^Failed to load resource/.test(message.text())) {
      faults.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("dialog", (dialog) => {
    faults.push(`a dialog of the browser: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== stall.origin) {
      faults.push(`asked somebody else: ${request.url()}`);
    }
  });
}

export class Buyer {
  faults = [];

  constructor(page, stall, wallet) {
    this.page = page;
    this.stall = stall;
    this.wallet = wallet;
    watch(page, stall, this.faults);
  }

  open() {
    return this.page.goto(this.stall.url);
  }

  /** Another tab of the same browser. */
  async tab() {
    const other = new Buyer(await this.page.context().newPage(), this.stall, this.wallet);
    other.faults = this.faults;
    await other.open();
    return other;
  }

  press(name) {
    return this.page.getByRole("button", { name }).click();
  }

  /** The panel's heading says where the purchase is. */
  sees(title) {
    return expect(this.page.locator("#pay h2")).toHaveText(title);
  }

  says(sentence) {
    return expect(this.page.locator("#pay")).toContainText(sentence);
  }

  hears(sentence) {
    return expect(this.page.getByRole("status")).toContainText(sentence);
  }

  /** Up to what is signed. */
  async connect() {
    await this.press("Fox Wallet");
    await this.sees("What you sign");
  }

  async pay() {
    await this.connect();
    await this.press("Sign and pay $0.05");
  }
}

export const test = base.extend({
  stall: async ({ browserName: _ }, use) => {
    const stall = await Stall.open();
    await use(stall);
    await stall.close();
  },

  wallet: async ({ browserName: _ }, use) => {
    await use(new Wallet());
  },

  /** A buyer with one wallet, who has not opened the page yet. */
  buyer: async ({ context, page, stall, wallet }, use) => {
    await wallet.install(context);
    const buyer = new Buyer(page, stall, wallet);
    await use(buyer);
    expect(buyer.faults).toEqual([]);
  },

  /** A buyer without any wallet. */
  stranger: async ({ page, stall }, use) => {
    const buyer = new Buyer(page, stall, null);
    await use(buyer);
    expect(buyer.faults).toEqual([]);
  },
});
