import { focusManager, InfiniteQueryObserver, type QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { SteppedClock } from "../platform/fake/clock";
import { Fake, OPENING } from "../platform/fake/fake";
import type { Scenario } from "../platform/fake/scenarios";
import type { Stale } from "./generated/Stale";
import { FURTHER_PAYMENTS, paymentsQuery, recentPaymentsQuery, settingsQuery, statusQuery } from "./queries";
import { createQueryClient } from "./query-client";
import { PAYMENT_PAGE } from "./refresh";
import { follow } from "./stale";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) {
    end();
  }
});

/** A window on a stall, after it has begun to listen. */
async function window(scenario: Scenario) {
  const clock = new SteppedClock(OPENING);
  const fake = new Fake({ scenario, clock });
  const client = createQueryClient();
  const { begun, end } = follow(client, fake);
  ends.push(end);
  await begun;
  return { clock, fake, client };
}

/** Waits until nothing is asked any more. */
async function quiet(client: QueryClient) {
  await vi.waitFor(async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
    }
    expect(client.isFetching()).toBe(0);
  });
}

async function showPayments(client: QueryClient, fake: Fake, pages: number) {
  const observer = new InfiniteQueryObserver(client, paymentsQuery(fake));
  ends.push(observer.subscribe(() => undefined));
  await quiet(client);
  for (let nth = 1; nth < pages; nth += 1) {
    await observer.fetchNextPage();
  }
  fake.calls.splice(0);
  return observer;
}

const lists = (fake: Fake) => fake.calls.filter(({ name }) => name === "payment_list");

test("a live payment asks for one page, however far the list was scrolled", async () => {
  const { fake, client, clock } = await window("full");
  const observer = await showPayments(client, fake, 5);
  const before = observer.getCurrentResult().data;
  const id = fake.buy();
  clock.advance(200);
  await vi.waitFor(() => expect(observer.getCurrentResult().data?.pages[0]?.items[0]?.id).toBe(id));
  clock.advance(1000);
  await quiet(client);
  const now = observer.getCurrentResult().data;
  expect(now?.pages[0]?.total).toBe(100_001);
  expect(now?.pages[3]).toBe(before?.pages[3]);
  expect(now?.pages[0]?.items[1]).toBe(before?.pages[0]?.items[0]);
  for (const { body } of lists(fake)) {
    expect(body).toEqual({ limit: PAYMENT_PAGE });
  }
});

test("a settlement reaches every row that was scrolled to", async () => {
  const { fake, client, clock } = await window("full");
  const observer = await showPayments(client, fake, 4);
  const states = () =>
    observer.getCurrentResult().data?.pages.flatMap(({ items }) => items.map(({ state }) => state));
  expect(states()?.slice(0, 180)).toContain("queued");
  await fake.call("settle", {});
  clock.advance(9000);
  await vi.waitFor(() => {
    expect(states()).not.toContain("queued");
    expect(states()).not.toContain("settling");
  });
  await quiet(client);
  const data = observer.getCurrentResult().data;
  const ids = data?.pages.flatMap(({ items }) => items.map(({ id }) => id));
  const shown = PAYMENT_PAGE + 3 * FURTHER_PAYMENTS;
  expect(ids).toHaveLength(shown);
  expect(new Set(ids).size).toBe(shown);
});

test("a page that is scrolled to while a payment arrives loses neither", async () => {
  const { fake, client, clock } = await window("full");
  const observer = await showPayments(client, fake, 2);
  fake.neverAnswer("payment_list");
  const scrolling = observer.fetchNextPage();
  const id = fake.buy();
  clock.advance(200);
  fake.answerAgain("payment_list");
  await scrolling;
  await vi.waitFor(() => expect(observer.getCurrentResult().data?.pages[0]?.items[0]?.id).toBe(id));
  await quiet(client);
  const ids =
    observer.getCurrentResult().data?.pages.flatMap(({ items }) => items.map((item) => item.id)) ?? [];
  expect(ids).toHaveLength(PAYMENT_PAGE + 2 * FURTHER_PAYMENTS + 1);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a slow answer is not starved by news, and is asked once more after them", async () => {
  const { fake, client, clock } = await window("few");
  const observer = new QueryObserver(client, statusQuery(fake));
  ends.push(observer.subscribe(() => undefined));
  await quiet(client);
  fake.calls.splice(0);
  fake.neverAnswer("status");
  for (let nth = 0; nth < 5; nth += 1) {
    fake.buy();
    clock.advance(250);
    await Promise.resolve();
  }
  const asked = () => fake.calls.filter(({ name }) => name === "status").length;
  await vi.waitFor(() => expect(asked()).toBe(1));
  fake.answerAgain("status");
  await vi.waitFor(() => expect(asked()).toBe(2));
  await quiet(client);
  const pending = observer.getCurrentResult().data?.money.pending.payments;
  expect(pending).toBe(fake.stall.status().money.pending.payments);
});

test("what nobody looks at is asked again only when somebody does", async () => {
  const { fake, client, clock } = await window("few");
  const observer = new QueryObserver(client, recentPaymentsQuery(fake, 5));
  const look = observer.subscribe(() => undefined);
  await quiet(client);
  look();
  fake.calls.splice(0);
  const id = fake.buy();
  clock.advance(1000);
  await quiet(client);
  expect(lists(fake)).toEqual([]);
  ends.push(observer.subscribe(() => undefined));
  await vi.waitFor(() => expect(observer.getCurrentResult().data?.items[0]?.id).toBe(id));
});

test("a change while something is asked for the first time is not missed, though nobody looks yet", async () => {
  const { fake, client, clock } = await window("few");
  fake.calls.splice(0);
  fake.neverAnswer("status");
  const first = client.prefetchQuery(statusQuery(fake));
  fake.buy();
  clock.advance(250);
  fake.answerAgain("status");
  await first;
  const asked = () => fake.calls.filter(({ name }) => name === "status").length;
  await vi.waitFor(() => expect(asked()).toBe(2));
  await quiet(client);
  const pending = client.getQueryData(statusQuery(fake).queryKey)?.money.pending.payments;
  expect(pending).toBe(fake.stall.status().money.pending.payments);
});

test("only what an event concerns is asked again", async () => {
  const { fake, client, clock } = await window("few");
  ends.push(new QueryObserver(client, statusQuery(fake)).subscribe(() => undefined));
  ends.push(new QueryObserver(client, settingsQuery(fake)).subscribe(() => undefined));
  await quiet(client);
  fake.calls.splice(0);
  fake.setNodeAway(true);
  clock.advance(200);
  await vi.waitFor(() =>
    expect(client.getQueryData(statusQuery(fake).queryKey)?.offlineReason).not.toBeNull(),
  );
  expect(fake.calls.map(({ name }) => name)).toEqual(["status"]);
});

test("an event of a newer app that is not known here asks everything again", async () => {
  const { fake, client, clock } = await window("few");
  ends.push(new QueryObserver(client, settingsQuery(fake)).subscribe(() => undefined));
  await quiet(client);
  fake.calls.splice(0);
  fake.stall.events.changed("settings");
  clock.advance(200);
  await vi.waitFor(() => expect(fake.calls.map(({ name }) => name)).toEqual(["settings_get"]));
  await quiet(client);
  fake.stall.events.tell({ stale: ["refunds" as Stale] });
  await vi.waitFor(() => expect(fake.calls).toHaveLength(2));
});

test("everything is asked again when the person comes back to the window", async () => {
  const { fake, client } = await window("few");
  ends.push(new QueryObserver(client, settingsQuery(fake)).subscribe(() => undefined));
  await quiet(client);
  fake.calls.splice(0);
  focusManager.setFocused(false);
  focusManager.setFocused(true);
  ends.push(() => focusManager.setFocused(undefined));
  await vi.waitFor(() => expect(fake.calls.map(({ name }) => name)).toEqual(["settings_get"]));
});

test("a new day asks for its own sums, though nothing happened", async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 23, 59), toFake: ["Date", "setTimeout", "clearTimeout"] });
  const fake = new Fake({ scenario: "few" });
  const client = createQueryClient();
  const status = new QueryObserver(client, statusQuery(fake));
  ends.push(
    follow(client, fake).end,
    status.subscribe(() => undefined),
    () => vi.useRealTimers(),
  );
  await vi.advanceTimersByTimeAsync(1000);
  const asked = () => fake.calls.filter(({ name }) => name === "status").length;
  const before = asked();
  await vi.advanceTimersByTimeAsync(58_000);
  expect(asked()).toBe(before);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked()).toBe(before + 1);
});
