// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { keys } from "./api/keys";
import { begin } from "./begin";
import { Fake } from "./platform/fake/fake";

const asked = () => window.stall?.calls.map(({ name }) => name) ?? [];

beforeEach(() => {
  history.replaceState(null, "", "/?scenario=few");
});

test("what Home shows first is there before the pages are, and is asked once", async () => {
  const { client } = await begin("/");
  expect(client.getQueryData(keys.status)).toMatchObject({ environment: "practice" });
  expect(client.isFetching()).toBe(0);
  for (const command of ["status", "revenue", "payment_list", "attention_list", "reach_show"]) {
    expect(asked().filter((name) => name === command)).toHaveLength(1);
  }
});

test("another page asks only what stands around it", async () => {
  await begin("/settings");
  expect(asked()).toContain("status");
  expect(asked()).not.toContain("revenue");
});

test("a stall that does not answer keeps no window from being shown", async () => {
  history.replaceState(null, "", "/?scenario=few&never=status");
  const { client } = await begin("/");
  expect(client.getQueryData(keys.status)).toBeUndefined();
  expect(client.getQueryData(keys.attention)).toBeDefined();
});

test("a change that comes before the pages do is heard", async () => {
  const { client } = await begin("/");
  const before = client.getQueryState(keys.status)?.isInvalidated;
  window.stall?.buy();
  await expect.poll(() => client.getQueryState(keys.status)?.isInvalidated).toBe(true);
  expect(before).toBe(false);
});

test("a window that is never told whether it hears is shown all the same", async () => {
  vi.spyOn(Fake.prototype, "listen").mockReturnValueOnce(new Promise(() => {}));
  const { client } = await begin("/");
  expect(client.getQueryData(keys.status)).toBeDefined();
});

test("what was asked before changes were heard of is asked again once they are", async () => {
  let hear: (end: () => void) => void = () => undefined;
  vi.spyOn(Fake.prototype, "listen").mockReturnValueOnce(
    new Promise((heard) => {
      hear = heard;
    }),
  );
  const beginning = begin("/");
  // They go out at once: the program holds its answers back until the page hears.
  await expect.poll(asked).toContain("status");
  const { client } = await beginning;
  expect(client.getQueryState(keys.status)?.isInvalidated).toBe(false);
  hear(() => undefined);
  await expect.poll(() => client.getQueryState(keys.status)?.isInvalidated).toBe(true);
});
