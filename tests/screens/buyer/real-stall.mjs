// A Stallkeeper that really runs, and a browser with a wallet that has money on its chain.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test as base, expect } from "@playwright/test";
import { Buyer } from "./buyer.mjs";
import { Wallet } from "./wallet.mjs";

export { expect };

export const GUIDE = "%PDF-1.7 the whole field guide";
const PROGRAM = fileURLToPath(new URL("../../../target/debug/stallkeeper", import.meta.url));
const TOKEN = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

/** A running Stallkeeper on a private chain of its own, which sells nothing yet. */
export class RealStall {
  services = [];

  static async open() {
    const stall = new RealStall();
    stall.folder = await mkdtemp(path.join(tmpdir(), "stall-"));
    const serve = ["--data-dir", path.join(stall.folder, "data"), "serve", "--listen", "127.0.0.1:0"];
    stall.program = spawn(PROGRAM, serve, { stdio: ["ignore", "pipe", "ignore"] });
    stall.ended = new Promise((ended) => stall.program.once("exit", ended));
    const { value } = await createInterface({ input: stall.program.stdout })[Symbol.asyncIterator]().next();
    stall.origin = JSON.parse(value).url;
    stall.url = `${stall.origin}/guide`;
    await stall.tell("settings", "set", "stall-name", "Mara Lindqvist");
    return stall;
  }

  /** Writes a file of the seller's, and says where it is. */
  async write(name, content) {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  /** Puts a guide up for sale, at `url`. */
  async sellGuide() {
    const file = await this.write("Küstenvögel.pdf", GUIDE);
    const words = ["--title", "Field guide to coastal birds", "--description", "124 pages with 80 drawings."];
    await this.sell("--file", file, "--path", "/guide", ...words);
  }

  sell(...words) {
    return this.tell("endpoint", "add", "--price", "0.05", ...words);
  }

  /** Starts a program that answers every path as it is told to, in JSON; says where. */
  async answering(answers) {
    const server = createServer(({ url }, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(answers(url));
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    this.services.push(server);
    return `http://127.0.0.1:${server.address().port}`;
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
    for (const service of this.services) {
      service.closeAllConnections();
      service.close();
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A wallet on the stall's chain, with money. */
export async function richWallet(stall) {
  const wallet = new Wallet();
  wallet.chainId = 84_532;
  wallet.knows.add(84_532);
  await stall.fund(wallet.account.address);
  return wallet;
}

export const test = base.extend({
  stall: async ({ browserName: _ }, use) => {
    const stall = await RealStall.open();
    await use(stall);
    await stall.close();
  },

  buyer: async ({ context, page, stall }, use) => {
    const wallet = await richWallet(stall);
    await wallet.install(context);
    const buyer = new Buyer(page, stall, wallet);
    await goesOn(buyer);
    await use(buyer);
    expect(buyer.faults).toEqual([]);
  },
});

/** A node on a busy computer may answer the seller too late; the page says so, and a buyer presses what it offers. */
function goesOn({ page }) {
  const heading = page.getByRole("heading", { name: "Finish your purchase" });
  return page.addLocatorHandler(heading, () => page.getByRole("button", { name: "Continue" }).click(), { times: 2 });
}
