// Every screen in every state, both themes and two sizes: no errors, nothing cut off, WCAG 2.2 AA.
import { AxeBuilder } from "@axe-core/playwright";
import { unreadable } from "./layout.mjs";
import { STATES } from "./screens.mjs";
import { expect, SIZES, THEMES, test } from "./window.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const ALL = { runOnly: { type: "tag", values: WCAG }, rules: { "target-size": { enabled: true } } };
// What names and roles say depends neither on the theme nor on the size, and is looked at once.
const COLOURS_AND_PLACES = {
  runOnly: { type: "rule", values: ["color-contrast", "target-size", "scrollable-region-focusable"] },
  rules: { "target-size": { enabled: true } },
};

for (const state of STATES) {
  test(state.title, async ({ sharedWindow: window }) => {
    const { page, faults } = window;
    faults.length = 0;
    await window.show(state);
    const problems = [];
    const [wide, narrow] = SIZES;
    const [light, dark] = THEMES;
    const looks = [
      { size: wide, theme: light, rules: ALL },
      { size: narrow, theme: dark, rules: COLOURS_AND_PLACES },
    ];
    for (const { size, theme, rules } of looks) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(size);
      await window.rest();
      const seen = [...(await unreadable(page)), ...(await barriers(page, rules))];
      problems.push(...seen.map((what) => `${theme}, ${size.width}: ${what}`));
    }
    await page.emulateMedia({ colorScheme: light });
    await page.setViewportSize(wide);
    expect([...faults, ...problems]).toEqual([]);
  });
}

/** What axe finds by some of its rules, as sentences. */
async function barriers(page, rules) {
  const { violations } = await new AxeBuilder({ page })
    .options(rules)
    // The window has no frames, so one run in its page is all there is to do.
    .setLegacyMode(true)
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} – ${failureSummary}`),
  );
}
