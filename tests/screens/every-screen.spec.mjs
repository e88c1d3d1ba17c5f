// Every screen in every state, both themes and two sizes: no errors, nothing cut off, WCAG 2.2 AA.
import { AxeBuilder } from "@axe-core/playwright";
import { unreadable } from "./layout.mjs";
import { STATES } from "./screens.mjs";
import { expect, SIZES, THEMES, test } from "./window.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const ALL = { runOnly: { type: "tag", values: WCAG }, rules: { "target-size": { enabled: true } } };
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast"] } };

for (const state of STATES) {
  test(state.title, async ({ sharedWindow: window }) => {
    const { page, faults } = window;
    faults.length = 0;
    await window.show(state);
    const problems = [];
    const [wide, narrow] = SIZES;
    const [light, dark] = THEMES;
    // Only colours depend on the theme, and only places on the size: nothing need be looked at four times.
    const looks = [
      { size: wide, theme: light, look: async () => [...(await unreadable(page)), ...(await barriers(page, ALL))] },
      { size: wide, theme: dark, look: () => barriers(page, COLOURS) },
      { size: narrow, theme: dark, look: async () => [...(await unreadable(page)), ...(await barriers(page, ALL))] },
    ];
    for (const { size, theme, look } of looks) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(size);
      await window.rest();
      problems.push(...(await look()).map((what) => `${theme}, ${size.width}: ${what}`));
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
