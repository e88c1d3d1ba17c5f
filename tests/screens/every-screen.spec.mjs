// Every screen in every state, both themes and two sizes: no errors, nothing cut off, WCAG 2.2 AA.
import { AxeBuilder } from "@axe-core/playwright";
import { unreadable } from "./layout.mjs";
import { STATES } from "./screens.mjs";
import { expect, SIZES, THEMES, test } from "./window.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

for (const state of STATES) {
  test(state.title, async ({ sharedWindow: window }) => {
    const { page, faults } = window;
    faults.length = 0;
    await window.show(state);
    const problems = [];
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await window.rest();
        problems.push(...(await unreadable(page)).map((what) => `${theme}, ${size.width}: ${what}`));
      }
      problems.push(...(await barriers(page)).map((what) => `${theme}: ${what}`));
    }
    expect([...faults, ...problems]).toEqual([]);
  });
}

/** What axe finds, as sentences. */
async function barriers(page) {
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: { type: "tag", values: WCAG }, rules: { "target-size": { enabled: true } } })
    // The window has no frames, so one run in its page is all there is to do.
    .setLegacyMode(true)
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} – ${failureSummary}`),
  );
}
