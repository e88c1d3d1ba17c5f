// From a file to a link that can be handed out.
import { expect, test } from "./window.mjs";

const FILE = "/home/ada/Pictures/harbour at night.jpg";
const sheet = (page) => page.getByRole("dialog", { name: /^Price a file$| is for sale$/ });
const price = (page) => sheet(page).getByRole("textbox", { name: "Price" });

async function drop(window, files = [FILE]) {
  await expect(window.page.getByRole("heading", { level: 1 })).toBeVisible();
  await window.page.evaluate((dropped) => window.stall.dropFiles(dropped), files);
  await expect(price(window.page)).toBeVisible();
}

test("a file dropped anywhere is priced with two keys and a number", async ({ window }) => {
  const { page } = window;
  await window.open("/settings");
  await drop(window);
  await expect(price(page)).toBeFocused();
  await page.keyboard.type("0.05");
  await page.keyboard.press("Control+Enter");
  await expect(sheet(page).getByRole("heading", { name: /is for sale/ })).toBeVisible();
  await sheet(page).getByRole("button", { name: "Copy link" }).click();
  const copied = await page.evaluate(() => window.stall.copied.at(-1));
  const { items } = await window.ask("endpoint_list");
  expect(items.find(({ url }) => url === copied)).toMatchObject({ formatted: "0.05" });
});

test("the code of a link is saved in pixels that a camera sees", async ({ window }) => {
  const { page } = window;
  await window.open("/endpoints");
  await page.getByRole("row").nth(1).click();
  await page.getByRole("tab", { name: "Share" }).click();
  await page.getByRole("button", { name: "Save the QR code" }).click();
  await page.getByRole("menuitem", { name: "As PNG" }).click();
  await page.waitForFunction(() => window.stall.written.length === 1);
  const seen = await page.evaluate(async () => {
    const { path, content } = window.stall.written[0];
    const picture = await createImageBitmap(new Blob([content], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(picture, 0, 0);
    const squares = document.querySelector("[role=tabpanel] svg[role=img]").viewBox.baseVal.width;
    const at = (square) => [
      ...pen.getImageData(...Array(2).fill((square * picture.width) / squares), 1, 1).data,
    ];
    // The edge, then ring, gap and middle of the first corner's mark.
    return { path, width: picture.width, rest: picture.width % squares, seen: [1, 2.5, 3.5, 5.5].map(at) };
  });
  const [white, black] = [255, 0].map((light) => [light, light, light, 255]);
  expect(seen.path).toMatch(/^\/home\/ada\/[a-z-]+-qr\.png$/);
  expect(seen.width).toBeGreaterThanOrEqual(1024);
  expect([seen.rest, ...seen.seen]).toEqual([0, white, black, white, black]);
});

test("more decimals than the token has are refused with a sentence", async ({ window }) => {
  const { page } = window;
  await window.open("/endpoints");
  await drop(window);
  await page.keyboard.type("0.0000001");
  await page.keyboard.press("Control+Enter");
  await expect(sheet(page).getByText("A price has at most 6 decimals.")).toBeVisible();
  await expect(price(page)).toHaveAttribute("aria-invalid", "true");
  expect(await window.calls("endpoint_add")).toBe(0);
});

test.describe("where decimals are written with a comma", () => {
  // The window speaks English there, with the numbers of the place.
  test.use({ locale: "sv-SE" });

  test("0,05 is five cents, and amounts are shown as that language writes them", async ({ window }) => {
    const { page } = window;
    await window.open("/endpoints");
    await drop(window);
    await page.keyboard.type("0,05");
    await page.keyboard.press("Control+Enter");
    await expect(sheet(page).getByRole("heading", { name: /is for sale/ })).toBeVisible();
    const added = await page.evaluate(
      () => window.stall.calls.find(({ name }) => name === "endpoint_add").body,
    );
    expect(added.price).toBe("0.05");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("grid")).toContainText("0,05");
    await expect(page.getByRole("grid")).not.toContainText("0.05");
  });

  test("0,0000001 is refused with a sentence", async ({ window }) => {
    const { page } = window;
    await window.open("/endpoints");
    await drop(window);
    await page.keyboard.type("0,0000001");
    await page.keyboard.press("Tab");
    await expect(sheet(page).getByText("A price has at most 6 decimals.")).toBeVisible();
  });
});

test("what was typed is still there after the sheet was closed", async ({ window }) => {
  const { page } = window;
  await window.open("/endpoints");
  await drop(window);
  await page.keyboard.type("0.35");
  await page.keyboard.press("Escape");
  await expect(sheet(page)).toBeHidden();
  await page.getByRole("main").getByRole("button", { name: "Continue" }).click();
  await expect(price(page)).toHaveValue("0.35");
});

test("a removed endpoint is back with the same link after Undo", async ({ window }) => {
  const { page } = window;
  await window.open("/endpoints");
  const before = (await window.ask("endpoint_list")).items.map(({ id, url }) => `${id} ${url}`);
  await page.getByRole("grid").locator("[data-row]").first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("grid").locator("[data-row]")).toHaveCount(before.length - 1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("grid").locator("[data-row]")).toHaveCount(before.length);
  const after = (await window.ask("endpoint_list")).items.map(({ id, url }) => `${id} ${url}`);
  expect(after.toSorted()).toEqual(before.toSorted());
});
