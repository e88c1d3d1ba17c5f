import { infiniteQueryOptions, queryOptions, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { ApiError } from "./error";
import { keys } from "./keys";
import { usePlatform } from "./platform-context";
import { newKey, useCommand } from "./queries";

/** How many failures a page has. */
const FAILURE_PAGE = 50;

/** Payments that failed for a reason on a network, the most urgent first, as far as they were asked for. */
export function failuresQuery(platform: Platform, reason: string, network: string) {
  return infiniteQueryOptions({
    queryKey: keys.failureList(reason, network),
    queryFn: ({ pageParam }) =>
      call(platform, "failure_list", {
        reason,
        network,
        limit: FAILURE_PAGE,
        ...(pageParam !== null && { after: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** What nobody knows of yet, and what of all that failed can still be saved. */
export function uncertainQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.uncertain,
    queryFn: async () => {
      const { uncertain, recoverable } = await call(platform, "failure_list", { limit: 1 });
      return { uncertain, recoverable };
    },
  });
}

/** One payment with what can be done about it. */
export function failureQuery(platform: Platform, payment: string) {
  return queryOptions({
    queryKey: keys.failure(payment),
    queryFn: () => call(platform, "failure_show", { payment }),
  });
}

/**
 * Settles these and nothing else that waits. The request is named when the question first appears, so that
 * pressing twice cannot settle twice.
 */
export function useSettleThese(payments: string[]) {
  const [key] = useState(newKey);
  const platform = usePlatform();
  return useMutation({ mutationFn: () => call(platform, "settle", { key, payments, wait: false }) });
}

/** A payment in one of these states waits for nobody. */
const UNDER_WAY = ["settling", "settled", "settled_elsewhere"];

/** Tries a failed payment again, at once and alone. Answers why it is not being settled; null where it is. */
export function useSettleAgain() {
  const platform = usePlatform();
  return useMutation<string | null, ApiError, string>({
    mutationFn: async (payment) => {
      const payments = [payment];
      const { items } = await call(platform, "payment_retry", { payments, later: true });
      const tried = items[0];
      // By itself it may have been tried again meanwhile.
      if (tried !== undefined && tried.state !== "queued") {
        return UNDER_WAY.includes(tried.state) ? null : tried.sentence;
      }
      const { hindered, unsettled } = await call(platform, "settle", { key: newKey(), payments });
      const waitsForGas = tried === undefined || tried.topUp === null ? null : tried.sentence;
      return hindered[0] ?? unsettled[0]?.sentence ?? waitsForGas;
    },
  });
}

/** Tries failed payments again. */
export const usePaymentRetry = () => useCommand("payment_retry");
/** Takes up what was given up. */
export const usePaymentReopen = () => useCommand("payment_reopen");
/** Names the transaction by which a payment was settled, which the chain then has to show. */
export const usePaymentSettledElsewhere = () => useCommand("payment_settled_elsewhere");
