// Everything that can be sold, bought on the real server by a person with a browser and a wallet.
import { readFile } from "node:fs/promises";
import { expect, GUIDE, test } from "./real-stall.mjs";

const SNARE = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n ^ (n >> 7)) & 0xff));
const VERSE = "First verse,\nwhich was worth it.";

/** Pays for what the page sells, and answers the file that the browser's own downloads get. */
async function download({ buyer, stall }, path) {
  const { page } = buyer;
  await page.goto(stall.origin + path);
  const downloading = page.waitForEvent("download");
  await buyer.pay();
  await buyer.sees("You own this");
  const got = await downloading;
  return { name: got.suggestedFilename(), bytes: await readFile(await got.path()) };
}

test("a file, a file of a folder, a whole folder, a text and a service are bought in the browser and arrive", async ({ buyer, stall }) => {
  const { page } = buyer;
  const folder = (await stall.write("stems/snare.wav", SNARE)).replace(/\/snare\.wav$/, "");
  await stall.write("stems/drums/kick drum.wav", "boom");
  const service = await stall.answering((url) => JSON.stringify({ asked: url, degrees: 11 }));
  await stall.sellGuide();
  await stall.sell("--folder", folder, "--path", "/stems");
  await stall.sell("--folder", folder, "--archive", "--path", "/all-stems", "--title", "All stems");
  await stall.sell("--text", VERSE, "--path", "/verse", "--title", "A verse");
  await stall.sell("--service", service, "--path", "/weather", "--pattern", "/{city}", "--title", "Weather");

  const guide = await download({ buyer, stall }, "/guide");
  expect([guide.name, guide.bytes.toString()]).toEqual(["Küstenvögel.pdf", GUIDE]);
  const snare = await download({ buyer, stall }, "/stems/snare.wav");
  expect(snare.name).toBe("snare.wav");
  expect(snare.bytes.equals(SNARE)).toBe(true);
  const archive = await download({ buyer, stall }, "/all-stems");
  expect(archive.name).toMatch(/\.zip$/);
  expect(archive.bytes.subarray(0, 4).toString("latin1")).toBe("PK\x03\x04");
  expect(archive.bytes.includes(SNARE) && archive.bytes.includes("kick drum.wav")).toBe(true);

  await page.goto(`${stall.origin}/verse`);
  await buyer.pay();
  await buyer.sees("You own this");
  await buyer.says(VERSE);
  await page.goto(`${stall.origin}/weather/paris`);
  await buyer.pay();
  await buyer.sees("Paid. Here is the answer");
  await buyer.says("/paris");

  await expect
    .poll(async () => (await stall.payments()).map(({ delivery }) => delivery))
    .toEqual(["delivered", "delivered", "delivered", "delivered", "delivered"]);
  expect(buyer.wallet.times("eth_signTypedData_v4")).toBe(5);
});
