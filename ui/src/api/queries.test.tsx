// @vitest-environment happy-dom
import { QueryClient } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { Fake } from "../platform/fake/fake";
import type { EndpointView } from "./generated/EndpointView";
import {
  endpointsQuery,
  statusQuery,
  useEndpointPause,
  useSettle,
  useStallSet,
  withEndpoint,
} from "./queries";
import { InWindow } from "./testing";

afterEach(cleanup);

function around(fake: Fake, client = new QueryClient()) {
  return ({ children }: { children: ReactNode }) => (
    <InWindow platform={fake} client={client}>
      {children}
    </InWindow>
  );
}

/** A hook on a stall whose changes are heard of. */
async function used<T>(hook: () => T, wrapper: ReturnType<typeof around>) {
  const rendered = renderHook(hook, { wrapper });
  await waitFor(() => expect(rendered.result.current).not.toBeNull());
  return rendered;
}

const keysOf = (fake: Fake) =>
  fake.calls.filter(({ name }) => name === "settle").map(({ body }) => (body as { key: string }).key);

test("five presses in one dialog send one key, and make one batch", async () => {
  const fake = new Fake({ scenario: "few" });
  const batches = fake.stall.settler.batches.length;
  const { result } = await used(useSettle, around(fake));
  await act(() => Promise.all(Array.from({ length: 5 }, () => result.current.mutateAsync())));
  expect(keysOf(fake)).toHaveLength(5);
  expect(new Set(keysOf(fake)).size).toBe(1);
  expect(fake.stall.settler.batches).toHaveLength(batches + 1);
});

test("pressing again after a failure repeats the key, and the next dialog has another", async () => {
  const fake = new Fake({ scenario: "few" });
  fake.failNext("settle", "unavailable");
  const wrapper = around(fake);
  const first = await used(useSettle, wrapper);
  await act(() => first.result.current.mutateAsync().catch(() => undefined));
  await waitFor(() => expect(first.result.current.error).toMatchObject({ code: "unavailable" }));
  await act(() => first.result.current.mutateAsync());
  first.unmount();
  const second = await used(useSettle, wrapper);
  await act(() => second.result.current.mutateAsync());
  const [failed, repeated, other] = keysOf(fake);
  expect(failed).toMatch(/^[0-9a-f]{32}$/);
  expect(repeated).toBe(failed);
  expect(other).not.toBe(failed);
});

test("what a command answers is shown before anything is asked again", async () => {
  const fake = new Fake({ scenario: "few" });
  const client = new QueryClient();
  const [status, endpoints] = [statusQuery(fake), endpointsQuery(fake)];
  await Promise.all([client.fetchQuery(status), client.fetchQuery(endpoints)]);
  const commands = () => ({ stall: useStallSet(), pause: useEndpointPause() });
  const { result } = await used(commands, around(fake, client));
  fake.calls.splice(0);
  await act(() => result.current.stall.mutateAsync({ selling: false }));
  await act(() => result.current.pause.mutateAsync({ endpoint: "/harbour" }));
  expect(client.getQueryData(status.queryKey)?.selling).toBe(false);
  expect(client.getQueryData(endpoints.queryKey)?.items[0]).toMatchObject({
    path: "/harbour",
    state: "paused",
  });
  expect(fake.calls.map(({ name }) => name)).toEqual(["stall_set", "endpoint_pause"]);
});

test("a removed endpoint leaves the list, and a restored one comes back to its place", async () => {
  const fake = new Fake({ scenario: "few" });
  const { items } = (await fake.call("endpoint_list", null)) as { items: EndpointView[] };
  const second = items[1] as EndpointView;
  const without = withEndpoint(items, { ...second, state: "removed" });
  expect(without.map(({ id }) => id)).toEqual(items.map(({ id }) => id).filter((id) => id !== second.id));
  expect(withEndpoint(without, second)).toEqual(items);
  const dearer = { ...second, formatted: "9.00" };
  expect(withEndpoint(items, dearer)[1]).toBe(dearer);
});
