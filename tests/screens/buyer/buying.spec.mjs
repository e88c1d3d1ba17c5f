// The way of a buyer for whom everything goes well.
import { readFile } from "node:fs/promises";
import { expect, test } from "./buyer.mjs";
import { PAY_TO } from "./stall.mjs";

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
