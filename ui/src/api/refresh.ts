import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { PaymentList } from "./generated/PaymentList";
import type { PaymentQuery } from "./generated/PaymentQuery";
import { keys, type PaymentFilter } from "./keys";
import { explains, keepRows, type PaymentPages, rowsOf, withFirstPage } from "./payment-pages";

/** How many payments the first page of the list has, which is waited for. */
export const PAYMENT_PAGE = 100;

/** How many the app gives at once. */
const LARGEST_PAGE = 1000;

/** A first page that grew beyond this by live payments begins anew when nothing further is shown. */
const LONGEST_FIRST_PAGE = 2000;

/** What to ask again: answers that begin with one of these keys. */
export interface Due {
  keys: readonly QueryKey[];
  /** Whether payments may have changed that are not the newest. */
  deep: boolean;
}

/**
 * Asks again what is shown and went stale, one question at a time for each answer: a change that comes
 * while a question is under way asks once more when it is answered, so that no change is missed and a
 * slow answer is never starved.
 */
export function createRefresher(client: QueryClient, platform: Platform): (due: Due) => void {
  const running = new Map<Query, { again: boolean; deep: boolean }>();

  const start = (query: Query, deep: boolean) => {
    const run = running.get(query);
    if (run !== undefined) {
      run.again = true;
      run.deep ||= deep;
      return;
    }
    running.set(query, { again: false, deep: false });
    const asked = isPaymentList(query) ? refreshPayments(query, deep) : refetch(query);
    asked
      // What could not be asked now is asked when it is next shown or changed.
      .catch(() => query.invalidate())
      .finally(() => {
        const { again, deep: deeper } = running.get(query) ?? { again: false, deep: false };
        running.delete(query);
        if (again) {
          start(query, deeper);
        }
      });
  };

  const refetch = async (query: Query) => {
    await underWay(query);
    await client.refetchQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
  };

  const refreshPayments = async (query: Query, deep: boolean) => {
    const filter = query.queryKey[2] as PaymentFilter;
    if (client.getQueryData(query.queryKey) === undefined) {
      return refetch(query);
    }
    const fresh = await call(platform, "payment_list", { ...toRequest(filter), limit: PAYMENT_PAGE });
    // A page that was scrolled to meanwhile is added to the pages as they were when it was asked.
    await underWay(query);
    const known = client.getQueryData<PaymentPages>(query.queryKey);
    if (known === undefined) {
      return;
    }
    const further = rowsOf(known) > fresh.items.length && fresh.next !== null;
    const pages =
      further && (deep || !explains(known, fresh))
        ? await reread(platform, filter, known)
        : withFirstPage(known, fresh);
    await underWay(query);
    if (pages.pages.length === 1 && rowsOf(pages) > LONGEST_FIRST_PAGE) {
      client.setQueryData<PaymentPages>(query.queryKey, { pages: [fresh], pageParams: [null] });
    } else {
      client.setQueryData<PaymentPages>(query.queryKey, pages);
    }
  };

  return (due) => {
    const cache = client.getQueryCache();
    const stale = new Set(due.keys.flatMap((queryKey) => cache.findAll({ queryKey })));
    for (const query of stale) {
      // An answer that is under way may be from before the change, and would pass for what is newest.
      if (query.isActive() || query.state.fetchStatus === "fetching") {
        start(query, due.deep);
      } else {
        forget(query);
      }
    }
  };
}

/** Lets an answer that nobody looks at be asked again when somebody does; of a list, its first page. */
function forget(query: Query): void {
  const known = query.state.data as PaymentPages | undefined;
  if (isPaymentList(query) && known !== undefined) {
    query.setData({ pages: known.pages.slice(0, 1), pageParams: known.pageParams.slice(0, 1) });
  }
  query.invalidate();
}

/** What the app is asked for a filter. */
export function toRequest({ states = [], ...rest }: PaymentFilter): PaymentQuery {
  const asked = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(asked), ...(states.length > 0 && { states: [...states] }) };
}

/** As many rows as were scrolled to, asked in as few pages as possible. */
async function reread(platform: Platform, filter: PaymentFilter, known: PaymentPages): Promise<PaymentPages> {
  const before = known.pages.flatMap((page) => page.items);
  const pages: PaymentPages = { pages: [], pageParams: [] };
  let next: string | null = null;
  for (let left = before.length; left > 0; left -= LARGEST_PAGE) {
    const limit = Math.min(Math.max(left, PAYMENT_PAGE), LARGEST_PAGE);
    const page: PaymentList = await call(platform, "payment_list", {
      ...toRequest(filter),
      limit,
      ...(next !== null && { before: next }),
    });
    pages.pages.push(keepRows(page, before));
    pages.pageParams.push(next);
    next = page.next;
    if (next === null) {
      break;
    }
  }
  return pages;
}

/** Waits for a question that is under way, whatever comes of it. */
async function underWay(query: Query): Promise<void> {
  while (query.state.fetchStatus === "fetching") {
    await query.promise?.catch(() => undefined);
  }
}

function isPaymentList(query: Query): boolean {
  return keys.paymentLists.every((part, at) => query.queryKey[at] === part);
}
