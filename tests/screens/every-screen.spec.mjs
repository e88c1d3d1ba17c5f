// Every screen in every state, both themes and two sizes: no errors, nothing cut off, WCAG 2.2 AA.
import { barriers, rules } from "./barriers.mjs";
import { unreadable } from "./layout.mjs";
import { STATES } from "./screens.mjs";
import { expect, SIZES, THEMES, test } from "./window.mjs";

const ALL = rules("tag", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
// What names and roles say depends neither on the theme nor on the size, and is looked at once.
const COLOURS_AND_PLACES = rules("rule", ["color-contrast", "target-size", "scrollable-region-focusable"]);

for (const state of STATES) {
  test(state.title, async ({ sharedWindow: window }) => {
    const { page, faults } = window;
    faults.length = 0;
    await window.show(state);
    const problems = [];
    const [wide, narrow] = SIZES;
    const [light, dark] = THEMES;
    const looks = [
      { size: wide, theme: light, asked: ALL },
      { size: narrow, theme: dark, asked: COLOURS_AND_PLACES },
    ];
    for (const { size, theme, asked } of looks) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(size);
      await window.rest();
      const seen = [...(await unreadable(page)), ...(await barriers(page, asked))];
      problems.push(...seen.map((what) => `${theme}, ${size.width}: ${what}`));
    }
    await page.emulateMedia({ colorScheme: light });
    await page.setViewportSize(wide);
    expect([...faults, ...problems]).toEqual([]);
  });
}
