import { expect, test } from "vitest";
import { Fake } from "../../../platform/fake/fake";
import { draftOf, read, requestOf, timeOfDay } from "./draft";

const NETWORK = "eip155:84532";

const now = (chosen: object) => new Fake().stall.schedule.set(chosen);

test("a schedule that is shown and saved again stays what it is", () => {
  const view = now({
    every: "90m",
    daily: "18:00",
    weekly: "mon,thu,09:30",
    zone: "Europe/Berlin",
    atAmount: "20",
    atCount: 100,
    gasCeiling: "0.5",
    waitForGas: true,
  });
  const { request, wrong } = read(draftOf(view), NETWORK, 6);
  expect(wrong).toEqual([]);
  expect(now(request).sentence).toBe(view.sentence);
  expect(requestOf(now(request))).toEqual(requestOf(view));
});

test("a manual schedule asks for nothing, whatever stands in the fields", () => {
  const draft = { ...draftOf(now({})), ceiling: { on: true, text: "nonsense" } };
  expect(read(draft, NETWORK, 6)).toEqual({ request: { network: NETWORK, zone: "UTC" }, wrong: [] });
});

test("what is wrong is named, field by field", () => {
  const draft = draftOf(now({}));
  const { wrong } = read(
    {
      ...draft,
      every: { on: true, count: "8", unit: "d" },
      daily: { on: true, at: "6 pm" },
      weekly: { on: true, days: [], at: "18:00" },
      amount: { on: true, text: "0" },
      count: { on: true, text: "1.5" },
      ceiling: { on: true, text: "" },
    },
    NETWORK,
    6,
  );
  expect(wrong).toEqual(["every", "daily", "weekly", "amount", "count", "ceiling"]);
});

test("both decimal signs are understood in amounts and in prices of gas", () => {
  const draft = draftOf(now({}));
  const { request } = read(
    { ...draft, amount: { on: true, text: "2,5" }, ceiling: { on: true, text: "0,05" } },
    NETWORK,
    6,
  );
  expect(request).toMatchObject({ atAmount: "2.5", gasCeiling: "0.05" });
});

test("times of day are read with either mark and written with two digits", () => {
  expect(["9:30", " 09.30", "23:59"].map(timeOfDay)).toEqual(["09:30", "09:30", "23:59"]);
  expect(["24:00", "9", "18:60", "6pm", ""].map(timeOfDay)).toEqual([null, null, null, null, null]);
});
