import { expect, test } from "vitest";
import { Fake } from "../platform/fake/fake";
import { call } from "./client";
import type { PaymentView } from "./generated/PaymentView";
import { explains, type PaymentPages, withFirstPage } from "./payment-pages";

const LIMIT = 10;

async function scrolled(fake: Fake, pages: number, states: string[] = []): Promise<PaymentPages> {
  const known: PaymentPages = { pages: [], pageParams: [] };
  let before: string | null = null;
  for (let nth = 0; nth < pages; nth += 1) {
    const page = await first(fake, states, before);
    known.pages.push(page);
    known.pageParams.push(before);
    before = page.next;
  }
  return known;
}

function first(fake: Fake, states: string[] = [], before: string | null = null) {
  return call(fake, "payment_list", {
    limit: LIMIT,
    ...(states.length > 0 && { states }),
    ...(before !== null && { before }),
  });
}

const rows = (pages: PaymentPages): PaymentView[] => pages.pages.flatMap(({ items }) => items);

test("new payments come in front, and nothing that did not change is made anew", async () => {
  const fake = new Fake({ scenario: "few" });
  const known = await scrolled(fake, 3);
  const ids = [fake.buy(), fake.buy(), fake.buy()].toReversed();
  const fresh = await first(fake);
  const now = withFirstPage(known, fresh);
  expect(rows(now).map(({ id }) => id)).toEqual([...ids, ...rows(known).map(({ id }) => id)]);
  expect(now.pages.slice(1)).toEqual(known.pages.slice(1));
  expect(now.pages[1]).toBe(known.pages[1]);
  for (const [place, row] of rows(known).entries()) {
    expect(rows(now)[place + ids.length]).toBe(row);
  }
  expect(explains(known, fresh)).toBe(true);
});

test("the page after merged pages begins where it did before", async () => {
  const fake = new Fake({ scenario: "few" });
  const known = await scrolled(fake, 1);
  fake.buy();
  const now = withFirstPage(known, await first(fake));
  const next = await first(fake, [], now.pages[0]?.next ?? null);
  const all = await call(fake, "payment_list", { limit: 1000 });
  expect([...rows(now), ...next.items]).toEqual(all.items.slice(0, LIMIT * 2 + 1));
});

test("rows that left a filter leave the list, without a gap and without a double", async () => {
  const fake = new Fake({ scenario: "few" });
  const states = ["queued"];
  const known = await scrolled(fake, 1, states);
  await call(fake, "settle", {});
  fake.buy();
  const fresh = await first(fake, states);
  expect(explains(known, fresh)).toBe(false);
  expect(rows(withFirstPage(known, fresh))).toEqual(fresh.items);
});

test("more news than a page holds begin the list anew", async () => {
  const fake = new Fake({ scenario: "few" });
  const known = await scrolled(fake, 2);
  for (let nth = 0; nth < LIMIT + 5; nth += 1) {
    fake.buy();
  }
  const fresh = await first(fake);
  expect(withFirstPage(known, fresh)).toEqual({ pages: [fresh], pageParams: [null] });
});

test("a change further down is noticed by the sums", async () => {
  const fake = new Fake({ scenario: "few" });
  const known = await scrolled(fake, 4);
  const failed = rows(known).findLast(({ state }) => state === "settled");
  expect(failed).toBeDefined();
  fake.stall.book.move(fake.stall.book.find(failed?.id ?? ""), "failed", "refused");
  expect(explains(known, await first(fake))).toBe(false);
});
