import { expect, test } from "vitest";
import { call } from "../../api/client";
import { SteppedClock } from "./clock";
import { Fake, OPENING } from "./fake";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function open() {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario: "empty", seed: 1, clock });
  await call(fake, "endpoint_add", { file: "/home/ada/guide.pdf", path: "/guide", price: "0.20" });
  return { clock, fake };
}

test("a schedule settles at its times, and windows follow it", async () => {
  const { clock, fake } = await open();
  const set = await call(fake, "schedule_set", { every: "2h" });
  expect(set).toMatchObject({ manual: false, every: "2h", windowSeconds: 9000, applied: true });
  expect(set.next).toMatchObject({ at: OPENING + 2 * HOUR, because: "schedule" });
  fake.buy("/guide");
  clock.advance(2 * HOUR + MINUTE);
  const { items } = await call(fake, "batch_list", {});
  expect(items).toMatchObject([{ startedBy: "schedule", payments: 1 }]);
  const shown = (await call(fake, "schedule_show", {})).items[0];
  expect(shown).toMatchObject({ lastRun: OPENING + 2 * HOUR, next: { at: OPENING + 4 * HOUR } });
});

test("a schedule that comes too late for what waits is refused, and a dry run changes nothing", async () => {
  const { fake } = await open();
  await call(fake, "schedule_set", { every: "1m" });
  fake.buy("/guide");
  await expect(call(fake, "schedule_set", { every: "2h" })).rejects.toMatchObject({ code: "conflict" });
  const wouldBe = await call(fake, "schedule_set", { every: "20m", check: true });
  expect(wouldBe).toMatchObject({ every: "20m", applied: false });
  expect((await call(fake, "schedule_show", {})).items).toMatchObject([{ every: "1m" }]);
});

test("what cannot be a schedule is refused", async () => {
  const { fake } = await open();
  for (const wrong of [
    { every: "8d" },
    { daily: "6pm" },
    { weekly: "18:00" },
    { atCount: 0 },
    { gasCeiling: "1" },
  ]) {
    await expect(call(fake, "schedule_set", wrong)).rejects.toMatchObject({ code: "invalid_request" });
  }
});

test("as many as was said are settled at once", async () => {
  const { clock, fake } = await open();
  await call(fake, "schedule_set", { atCount: 2, weekly: "mon,thu,18:00", zone: "UTC" });
  fake.buy("/guide");
  clock.advance(MINUTE);
  expect((await call(fake, "batch_list", {})).items).toHaveLength(0);
  fake.buy("/guide");
  expect((await call(fake, "batch_list", {})).items).toMatchObject([{ startedBy: "schedule", payments: 2 }]);
});
