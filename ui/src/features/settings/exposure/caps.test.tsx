import { expect, test } from "vitest";
import { Fake } from "../../../platform/fake/fake";
import { setExposure } from "../../../platform/fake/trust";
import { draftOf, read } from "./caps";

test("caps that are shown and saved again stay what they are, also those that are lifted", () => {
  const { stall } = new Fake();
  const { caps } = setExposure(stall, { perPayer: "20", total: "0.5", oldest: "90m", beyond: "refuse" });
  const { request, wrong } = read(draftOf(caps));
  expect(wrong).toEqual([]);
  expect(setExposure(stall, request).caps).toEqual(caps);
});

test("what is wrong is named, and what is switched off is not looked at", () => {
  const { caps } = setExposure(new Fake().stall, {});
  const draft = draftOf(caps);
  draft.caps.perPayer = { on: true, text: "much" };
  draft.caps.total = { on: false, text: "more" };
  draft.oldest = { on: true, count: "0", unit: "h" };
  expect(read(draft).wrong).toEqual(["perPayer", "oldest"]);
  expect(read(draft).request.total).toBe("none");
});

test("amounts are read with either decimal sign, and nothing is an amount too", () => {
  const { caps } = setExposure(new Fake().stall, {});
  const draft = draftOf(caps);
  draft.caps.perSale = { on: true, text: "2,5" };
  draft.caps.perNewPayer = { on: true, text: "0" };
  expect(read(draft)).toMatchObject({ wrong: [], request: { perSale: "2.5", perNewPayer: "0" } });
});
