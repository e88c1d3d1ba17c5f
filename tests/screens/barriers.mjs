// What keeps people out of a page, as axe finds it by some of its rules.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** The rules by name, with those that axe runs only when they are asked for. */
export const rules = (type, values) => ({
  runOnly: { type, values },
  rules: { "target-size": { enabled: true } },
  // Describing everything that is as it should be takes most of the time, and nobody reads it.
  resultTypes: ["violations"],
  preload: false,
});

/** A sentence about every element of the page, which has no frames, that breaks one of the rules. */
export async function barriers(page, options) {
  if (await page.evaluate(() => window.axe === undefined)) {
    await page.evaluate(axe);
  }
  const violations = await page.evaluate(async (asked) => (await window.axe.run(asked)).violations, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} – ${failureSummary}`),
  );
}
