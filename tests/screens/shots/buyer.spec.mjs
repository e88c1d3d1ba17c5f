// Pictures of the buyer's page in every state, both themes, wide and narrow.
import { SIZES, test, THEMES } from "../buyer/buyer.mjs";
import { STATES, show } from "../buyer/states.mjs";

const FOLDER = "../../target/screens";

async function shoot(page, title) {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.evaluate(() => scrollTo(0, 0));
      const name = `buyer-${title.replaceAll(/[^a-z]+/g, "-")}-${theme}-${size.width}.png`;
      await page.screenshot({ path: `${FOLDER}/${name}`, fullPage: true });
    }
  }
}

for (const state of STATES.filter(({ isStranger }) => !isStranger)) {
  test(`buyer: ${state.title}`, async ({ buyer }) => {
    await show(state, buyer);
    await shoot(buyer.page, state.title);
  });
}

for (const state of STATES.filter(({ isStranger }) => isStranger)) {
  test(`buyer: ${state.title}`, async ({ stranger }) => {
    await show(state, stranger);
    await shoot(stranger.page, state.title);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("buyer: without JavaScript", async ({ stranger }) => {
    await stranger.open();
    await shoot(stranger.page, "no javascript");
  });
});
