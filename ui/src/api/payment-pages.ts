import type { InfiniteData } from "@tanstack/react-query";
import type { PaymentList } from "./generated/PaymentList";
import type { PaymentView } from "./generated/PaymentView";

/** As much of a list of payments as was scrolled to. */
export type PaymentPages = InfiniteData<PaymentList, string | null>;

type Group = keyof PaymentList["summary"];

const GROUP: Record<string, Group> = {
  queued: "pending",
  settling: "pending",
  settled: "settled",
  settled_elsewhere: "settled",
  failed: "attention",
  expired: "attention",
  cancelled: "attention",
  diverted: "attention",
};

/**
 * The pages with a newer first page in front. Rows that did not change stay the very same objects, and so
 * do all later pages: a live payment costs as much at row 100,000 as at row 10.
 */
export function withFirstPage(known: PaymentPages, fresh: PaymentList): PaymentPages {
  const first = keepRows(
    fresh,
    known.pages.slice(0, 2).flatMap((page) => page.items),
  );
  const last = fresh.items.at(-1);
  if (fresh.next === null || last === undefined) {
    return { pages: [first], pageParams: [null] };
  }
  for (const [at, page] of known.pages.entries()) {
    const joint = page.items.findIndex(({ id }) => id === last.id);
    if (joint >= 0) {
      const joined = {
        ...first,
        items: [...first.items, ...page.items.slice(joint + 1)],
        next: page.next,
      };
      return {
        pages: [joined, ...known.pages.slice(at + 1)],
        pageParams: [null, ...known.pageParams.slice(at + 1)],
      };
    }
  }
  // More than a page is new: nothing that is known joins on to it.
  return { pages: [first], pageParams: [null] };
}

/** The page, made of the very rows that are known already wherever they did not change. */
export function keepRows(fresh: PaymentList, known: readonly PaymentView[]): PaymentList {
  const rows = new Map(known.map((row) => [row.id, row]));
  const items = fresh.items.map((row) => {
    const before = rows.get(row.id);
    return before !== undefined && isSame(before, row) ? before : row;
  });
  return { ...fresh, items };
}

/**
 * Whether the rows of the newer first page explain every change of the sums. If they do not, something
 * changed further down.
 */
export function explains(known: PaymentPages, fresh: PaymentList): boolean {
  const before = known.pages[0];
  if (before === undefined) {
    return true;
  }
  const ids = new Set(fresh.items.map(({ id }) => id));
  const seen = known.pages.flatMap((page) => page.items).filter(({ id }) => ids.has(id));
  const groups: readonly Group[] = ["settled", "pending", "attention"];
  return (
    fresh.total - before.total === fresh.items.length - seen.length &&
    groups.every(
      (group) =>
        fresh.summary[group].payments - before.summary[group].payments ===
        count(fresh.items, group) - count(seen, group),
    )
  );
}

/** How many rows were scrolled to. */
export function rowsOf(known: PaymentPages): number {
  return known.pages.reduce((sum, page) => sum + page.items.length, 0);
}

function count(rows: readonly PaymentView[], group: Group): number {
  return rows.filter(({ state }) => GROUP[state] === group).length;
}

/** A row holds texts and numbers only. */
function isSame(one: PaymentView, other: PaymentView): boolean {
  const names = Object.keys(other) as (keyof PaymentView)[];
  return names.every((name) => one[name] === other[name]);
}
