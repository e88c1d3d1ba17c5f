import { expect, test } from "vitest";
import { GROUPS, isShown, toggled } from "./filter";

const [ready, , settled, problems] = GROUPS;

test("a group is shown wholly, in part or not at all", () => {
  if (settled === undefined || problems === undefined) {
    throw new Error("The groups are four.");
  }
  expect(isShown(settled, ["settled", "settled_elsewhere", "queued"])).toBe(true);
  expect(isShown(problems, ["failed"])).toBe("mixed");
  expect(isShown(problems, ["queued"])).toBe(false);
  expect(isShown(problems)).toBe(false);
});

test("choosing a group adds all of it and leaves the others; choosing it again takes it away", () => {
  if (ready === undefined || problems === undefined) {
    throw new Error("The groups are four.");
  }
  const both = toggled(problems, ["queued", "failed"]);
  expect(both).toEqual(["queued", "failed", "expired", "cancelled", "diverted"]);
  expect(toggled(problems, both)).toEqual(["queued"]);
  expect(toggled(ready, ["queued"])).toBeUndefined();
});
