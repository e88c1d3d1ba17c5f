import { expect, test } from "vitest";
import { call } from "../../api/client";
import type { AppEvent } from "../../api/generated/AppEvent";
import type { MoneyView } from "../../api/generated/MoneyView";
import type { FileDrop } from "../platform";
import { SteppedClock } from "./clock";
import { Fake, OPENING } from "./fake";
import { SCENARIOS, type Scenario } from "./scenarios";

const HOUR = 3_600_000;

function open(scenario: Scenario = "empty", seed = 1) {
  const clock = new SteppedClock(OPENING);
  return { clock, fake: new Fake({ scenario, seed, clock }) };
}

async function withGuide() {
  const stall = open();
  const request = { file: "/home/ada/guide.pdf", path: "/guide", price: "0.20" };
  const endpoint = await call(stall.fake, "endpoint_add", request);
  return { ...stall, endpoint };
}

const atomic = ({ amount }: MoneyView) => BigInt(amount);

test("a payment is settled on request, and its money moves from pending to settled exactly", async () => {
  const { fake, clock } = await withGuide();
  const id = fake.buy("/guide");
  clock.advance(1000);
  const before = (await call(fake, "status", null)).money;
  expect(before.pending).toMatchObject({ payments: 1, formatted: "0.20" });

  const { items } = await call(fake, "settle", { key: "a" });
  expect(items).toMatchObject([{ state: "preparing", payments: 1, final: false, fee: null }]);
  const state = async () => (await call(fake, "payment_show", { payment: id })).state;
  expect(await state()).toBe("settling");
  clock.advance(600);
  expect(await call(fake, "batch_show", { batch: 1 })).toMatchObject({
    state: "submitted",
    attempts: [{ block: null }],
  });
  clock.advance(3000);
  expect(await state()).toBe("settled");

  const after = (await call(fake, "status", null)).money;
  expect(atomic(before.pending) - atomic(after.pending)).toBe(200_000n);
  expect(atomic(after.settled) - atomic(before.settled)).toBe(200_000n);
  expect(after.settledToday).toMatchObject({ payments: 1, formatted: "0.20" });
  clock.advance(6000);
  const batch = await call(fake, "batch_show", { batch: 1 });
  expect(batch).toMatchObject({ state: "final", final: true, items: [{ payment: id, result: "settled" }] });
  expect(Number(batch.fee)).toBeGreaterThan(0);
  const { timeline } = await call(fake, "payment_show", { payment: id });
  expect(timeline.map(({ step }) => step)).toEqual([
    "accepted",
    "delivered",
    "handed_over",
    "sent",
    "mined",
    "settled",
    "final",
  ]);
  const times = timeline.flatMap(({ at }) => (at === null ? [] : [at]));
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

test("the same key settles once, however often it is sent", async () => {
  const { fake, clock } = await withGuide();
  fake.buy();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => call(fake, "settle", { key: "one dialog" })),
  );
  clock.advance(10_000);
  fake.buy();
  answers.push(await call(fake, "settle", { key: "one dialog" }));
  expect(answers.map(({ items }) => items.map(({ id }) => id))).toEqual(Array(6).fill([1]));
  expect((await call(fake, "batch_list", {})).items).toHaveLength(1);
  expect((await call(fake, "settle", { key: "another" })).items).toMatchObject([{ id: 2 }]);
});

test("a payment that would fail is named before, left out, and then needs a look", async () => {
  const { fake, clock } = await withGuide();
  for (let nth = 0; nth < 60; nth += 1) {
    fake.buy();
  }
  const preview = await call(fake, "settle_preview", null);
  expect(preview.exclusions.length).toBeGreaterThan(0);
  expect(preview.count + preview.exclusions.length).toBe(60);
  expect(preview.hindered).toEqual([]);
  await call(fake, "settle", {});
  clock.advance(10_000);
  const batch = await call(fake, "batch_show", { batch: 1 });
  expect(preview.networks.map(({ count }) => count)).toEqual([preview.count]);
  expect(batch).toMatchObject({ state: "partly_settled", final: true, settledPayments: preview.count });
  const excluded = batch.items.filter(({ result }) => result === "excluded").map(({ payment }) => payment);
  expect(excluded).toEqual(preview.exclusions.map(({ payment }) => payment));
  const { items } = await call(fake, "attention_list", null);
  expect(items).toMatchObject([{ reason: "underfunded", payments: excluded.length, action: "write_off" }]);
  const all = { reason: "underfunded", network: "eip155:84532", expected: excluded.length };
  await expect(
    call(fake, "payment_write_off", { ...all, expected: 1 + excluded.length }),
  ).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await call(fake, "payment_write_off", all)).toEqual({ closed: excluded.length });
  expect((await call(fake, "attention_list", null)).items).toEqual([]);
});

test("a payment settles by itself before its window ends", async () => {
  const { fake, clock } = await withGuide();
  const id = fake.buy();
  const { nextDeadline } = await call(fake, "settle_preview", null);
  clock.advanceTo(Number(nextDeadline) + 10_000);
  expect((await call(fake, "payment_show", { payment: id })).state).toBe("settled");
  expect((await call(fake, "batch_list", {})).items).toMatchObject([{ startedBy: "deadline" }]);
});

test("a payment that cannot be settled in time expires, and is never lost from the sums", async () => {
  const { fake, clock } = await withGuide();
  const id = fake.buy();
  fake.setNodeAway(true);
  clock.advance(73 * HOUR);
  expect(await call(fake, "payment_show", { payment: id })).toMatchObject({
    state: "expired",
    reason: "expired",
  });
  expect((await call(fake, "status", null)).money).toMatchObject({
    pending: { payments: 0 },
    attention: { payments: 1, formatted: "0.20" },
  });
});

test("a stall whose node is away says so and refuses what needs it", async () => {
  const { fake } = await withGuide();
  fake.setNodeAway(true);
  const status = await call(fake, "status", null);
  expect(status.offlineReason).toContain("does not answer");
  expect(status.gasWallet?.balance).toBeNull();
  for (const refused of [
    call(fake, "settle_preview", null),
    call(fake, "settle", {}),
    call(fake, "endpoint_set_price", { endpoint: "/guide", price: "1" }),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: "unavailable" });
  }
  const { bought, items } = await call(fake, "practice_buy", { path: "/guide" });
  expect({ bought, status: items[0]?.status }).toEqual({ bought: 0, status: 503 });
});

test("a closed stall sells nothing until it is opened again", async () => {
  const { fake } = await withGuide();
  expect((await call(fake, "stall_set", { selling: false })).selling).toBe(false);
  expect((await call(fake, "practice_buy", { path: "/guide", times: 2 })).bought).toBe(0);
  await call(fake, "stall_set", { selling: true });
  expect((await call(fake, "practice_buy", { path: "/guide", times: 2 })).bought).toBe(2);
});

test("an endpoint is priced, paused, removed and restored", async () => {
  const { fake, endpoint } = await withGuide();
  const named = { endpoint: endpoint.id };
  expect(endpoint).toMatchObject({
    title: "guide.pdf",
    formatted: "0.20",
    url: "http://127.0.0.1:4021/guide",
  });
  expect(await call(fake, "endpoint_set_price", { ...named, price: "0.3" })).toMatchObject({
    formatted: "0.30",
    priceVersion: 2,
  });
  expect((await call(fake, "endpoint_pause", named)).state).toBe("paused");
  expect((await call(fake, "endpoint_resume", named)).state).toBe("live");
  expect((await call(fake, "endpoint_remove", named)).state).toBe("removed");
  expect((await call(fake, "endpoint_list", null)).items).toEqual([]);
  expect((await call(fake, "endpoint_restore", named)).state).toBe("live");

  await call(fake, "endpoint_remove", named);
  await call(fake, "endpoint_add", { file: "/home/ada/other.pdf", path: "/guide", price: "1" });
  await expect(call(fake, "endpoint_restore", named)).rejects.toMatchObject({ code: "conflict" });
});

test("a file is looked at before it is priced, and refused where it would be refused later", async () => {
  const { fake } = await withGuide();
  expect((await call(fake, "file_inspect", { file: "/home/ada/Stems/" })).folder?.files).toBe(12);
  expect(await call(fake, "file_inspect", { file: "/home/ada/Guide.pdf" })).toMatchObject({
    name: "Guide.pdf",
    title: "Guide",
    mediaType: "application/pdf",
  });
  for (const file of ["/home/ada/missing.pdf", "/home/ada/unreadable.pdf"]) {
    await expect(call(fake, "file_inspect", { file })).rejects.toMatchObject({ code: "file" });
  }
});

test("what changed is told gathered, each thing once, at most five times a second", async () => {
  const { fake, clock } = await withGuide();
  clock.advance(1000);
  const heard: AppEvent[] = [];
  const stop = await fake.listen((event) => heard.push(event));
  fake.buy();
  fake.buy();
  clock.advance(199);
  expect(heard).toEqual([]);
  clock.advance(1);
  expect(heard).toEqual([{ stale: ["payments", "deliveries"] }]);
  clock.advance(1000);
  await call(fake, "settle", {});
  clock.advance(200);
  expect(heard.at(-1)).toEqual({ stale: ["payments", "batches"] });
  stop();
  const count = heard.length;
  clock.advance(20_000);
  expect(heard).toHaveLength(count);
});

test("100,000 payments are paged through by key, each once, newest first", async () => {
  const { fake } = open("full");
  const seen = new Set<string>();
  for (let next: string | null | undefined; next !== null; ) {
    const page = await call(fake, "payment_list", {
      limit: 1000,
      ...(next !== undefined && { before: next }),
    });
    expect(page.total).toBe(100_000);
    const times = page.items.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
    for (const { id } of page.items) {
      seen.add(id);
    }
    next = page.next;
  }
  expect(seen.size).toBe(100_000);
}, 20_000);

test("the sums of a filter are those of its payments, and the days add up to everything", async () => {
  const { fake } = open("full");
  const failed = await call(fake, "payment_list", { states: ["failed", "expired"], limit: 1000 });
  expect(failed.items).toHaveLength(failed.total);
  const sum = failed.items.reduce((one, payment) => one + atomic(payment), 0n);
  expect(failed.summary.attention).toMatchObject({ payments: failed.total, amount: String(sum) });
  expect(failed.summary.settled.payments).toBe(0);

  const { money } = await call(fake, "status", null);
  const { items: days } = await call(fake, "revenue", { days: 92 });
  const settled = days.reduce((one, day) => one + atomic(day.settled), 0n);
  expect(settled).toBe(atomic(money.settled));
  const { items: endpoints } = await call(fake, "endpoint_list", null);
  expect(endpoints.reduce((one, endpoint) => one + atomic(endpoint.settled), 0n)).toBe(settled);
});

test("the same seed gives the same stall, another seed another one", async () => {
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map((seed) => call(open("few", seed).fake, "payment_list", {})),
  );
  expect(same).toEqual(one);
  expect(other?.items[0]?.id).not.toBe(one?.items[0]?.id);
});

test("every scenario answers every look as it promises to", async () => {
  const looks = [
    ["endpoint_list", null],
    ["payment_list", {}],
    ["batch_list", {}],
    ["attention_list", null],
    ["revenue", { days: 7 }],
    ["settings_get", null],
  ] as const;
  for (const scenario of SCENARIOS.filter((name) => name !== "loading")) {
    const { fake } = open(scenario);
    await call(fake, "status", null);
    for (const [name, request] of looks) {
      const answer = fake.call(name, request);
      if (scenario === "error") {
        await expect(answer, name).rejects.toMatchObject({ code: "file" });
      } else {
        await expect(answer, `${scenario} ${name}`).resolves.toBeTypeOf("object");
      }
    }
  }
  const { items } = await call(open("attention").fake, "attention_list", null);
  expect(items[0]).toMatchObject({ kind: "gas", action: "fund_gas" });
  expect(items.length).toBeGreaterThan(6);
});

test("a command fails as often as it was asked to, and is silent until it may answer again", async () => {
  const { fake } = open();
  fake.failNext("settings_get", "unavailable");
  await expect(call(fake, "settings_get", null)).rejects.toMatchObject({ code: "unavailable" });
  await expect(call(fake, "settings_get", null)).resolves.toBeDefined();

  fake.neverAnswer("settings_get");
  let isAnswered = false;
  const answer = call(fake, "settings_get", null).then(() => {
    isAnswered = true;
  });
  await Promise.resolve();
  expect(isAnswered).toBe(false);
  fake.answerAgain("settings_get");
  await answer;
  expect(isAnswered).toBe(true);
});

test("an unknown command is refused by its code", async () => {
  await expect(open().fake.call("no_such_command", null)).rejects.toMatchObject({ code: "unknown_command" });
});

test("files are dragged, dropped and chosen without a system around", async () => {
  const { fake } = open();
  const heard: FileDrop[] = [];
  await fake.dropped((drop) => heard.push(drop));
  fake.dropFiles(["/home/ada/a.pdf"]);
  fake.dragAway();
  expect(heard.map(({ kind }) => kind)).toEqual(["over", "drop", "leave"]);
  expect(heard[1]?.files).toEqual(["/home/ada/a.pdf"]);
  fake.pickNext(null);
  expect(await fake.pickFile()).toBeNull();
  expect(await fake.pickFile()).toContain(".jpg");
});

test("what failed can be tried again, given up, taken up again, and marked by its transaction", async () => {
  const { fake, clock } = open("attention");
  const { items, recoverable } = await call(fake, "failure_list", { reason: "underfunded" });
  const [first] = items;
  expect(first).toMatchObject({
    kind: "underfunded",
    sentence: "The buyer's wallet no longer holds enough.",
  });
  expect(recoverable.payments).toBeGreaterThanOrEqual(0);
  const payment = String(first?.id);
  await call(fake, "payment_write_off", { payments: [payment] });
  expect((await call(fake, "failure_show", { payment })).actions).toContain("reopen");
  expect((await call(fake, "payment_reopen", { payment })).state).toBe("failed");
  const retried = await call(fake, "payment_retry", { payments: [payment], later: true });
  expect(retried.items[0]?.queued).toBe(first?.secondsLeft !== null);
  const transaction = `0x${"77".repeat(32)}`;
  const marked = await call(fake, "payment_settled_elsewhere", { payment, transaction });
  expect(marked.state).toBe("settled_elsewhere");
  clock.advance(1000);
});

test("the books hold what came, what it cost and what was given back", async () => {
  const { fake } = open("few");
  const before = await call(fake, "report", { by: "network" });
  expect(before.totals[0]?.payments).toBe(before.items[0]?.payments);
  const { items } = await call(fake, "payment_list", { state: "settled", limit: 1 });
  const payment = String(items[0]?.id);
  const plan = await call(fake, "refund_prepare", { payment });
  expect(plan.link).toBe(`ethereum:${plan.asset}@84532/transfer?address=${plan.to}&uint256=${plan.amount}`);
  await call(fake, "refund_record", { payment, transaction: `0x${"78".repeat(32)}` });
  await expect(call(fake, "refund_prepare", { payment })).rejects.toMatchObject({ code: "conflict" });
  expect((await call(fake, "refund_list", { payment })).items).toHaveLength(1);
  const after = await call(fake, "report", { by: "day" });
  expect(after.totals[0]?.refunds).toBe(1);
  expect((await call(fake, "reconcile", {})).agrees).toBe(true);
  const written = await call(fake, "export", { what: "refunds", path: "/tmp/refunds.csv" });
  expect(written.rows).toBe(1);
  expect((await call(fake, "doctor", null)).healthy).toBe(true);
});
