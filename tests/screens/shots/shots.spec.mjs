// Pictures of every screen in every state, both themes and two sizes.
import { STATES } from "../screens.mjs";
import { SIZES, THEMES, test } from "../window.mjs";

const FOLDER = "../../target/screens";

for (const state of STATES) {
  test(state.title, async ({ sharedWindow: window }) => {
    const { page } = window;
    await window.show(state);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await window.rest();
        const name = `${state.title.replaceAll(/[^a-z]+/g, "-")}-${theme}-${size.width}.png`;
        await page.screenshot({ path: `${FOLDER}/${name}` });
      }
    }
  });
}
