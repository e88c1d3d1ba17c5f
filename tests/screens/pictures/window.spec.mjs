// Pictures of every screen of the window, in both themes and at two sizes: `npm run pictures`.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { STATES } from "../screens.mjs";
import { SIZES, test, THEMES } from "../window.mjs";
import { smaller } from "./smaller.mjs";

const FOLDER = fileURLToPath(new URL("../../../ui/screenshots/window/", import.meta.url));
/** The states that show most of a screen, best first. */
const TELLING = ["full", "few", "attention", "test"];

const NAMES = new Set(STATES.map(({ name }) => name));

/** A screen in the state that shows most of it. */
function telling(screen) {
  const states = STATES.filter(({ name }) => name === screen);
  return TELLING.map((best) => states.find(({ word }) => word === best)).find(Boolean) ?? states[0];
}

test.beforeAll(() => mkdir(FOLDER, { recursive: true }));

for (const screen of NAMES) {
  test(screen, async ({ sharedWindow: window }) => {
    const { page } = window;
    await window.show(telling(screen));
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await window.rest();
        const name = `${screen.replaceAll(/[^a-z]+/g, "-")}-${colorScheme}-${size.width}.png`;
        await writeFile(`${FOLDER}${name}`, smaller(await page.screenshot()));
      }
    }
    await page.emulateMedia({ colorScheme: THEMES[0] });
    await page.setViewportSize(SIZES[0]);
  });
}
