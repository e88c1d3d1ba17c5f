import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useState } from "react";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { ApiError } from "./error";
import type { Commands } from "./generated/Commands";
import type { EndpointList } from "./generated/EndpointList";
import type { EndpointView } from "./generated/EndpointView";
import type { PayerDetailView } from "./generated/PayerDetailView";
import type { PayerList } from "./generated/PayerList";
import type { PaymentList } from "./generated/PaymentList";
import type { RevenueQuery } from "./generated/RevenueQuery";
import type { ScheduleList } from "./generated/ScheduleList";
import type { ScheduleSet } from "./generated/ScheduleSet";
import { keys, type PayerChoice, type PaymentFilter } from "./keys";
import { usePlatform } from "./platform-context";
import { PAYMENT_PAGE, toRequest } from "./refresh";

/** How many payments each further page has: whoever scrolls that far reads on, and more at once takes less. */
export const FURTHER_PAYMENTS = 500;

/** How many buyers a page of the list has. */
const PAYER_PAGE = 100;

/** How many batches a page of the list has. */
const BATCH_PAGE = 50;

/** How many of the newest payments are shown. */
export const RECENT_PAYMENTS = 10;

/** More batches than can be under way at a time. */
const RECENT_BATCHES = 30;

/** How the stall stands: where it is reached, whether it sells, its sums. */
export function statusQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.status, queryFn: () => call(platform, "status", null) });
}

/** What is for sale, oldest first. */
export function endpointsQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.endpointList, queryFn: () => call(platform, "endpoint_list", null) });
}

/** One endpoint, by its path or id; a removed one by its id. */
export function endpointQuery(platform: Platform, endpoint: string) {
  return queryOptions({
    queryKey: keys.endpoint(endpoint),
    queryFn: () => call(platform, "endpoint_show", { endpoint }),
  });
}

/** A text that is sold. The digest tells one text from the one before. */
export function endpointTextQuery(platform: Platform, endpoint: string, sha256: string) {
  return queryOptions({
    queryKey: keys.endpointText(endpoint, sha256),
    queryFn: () => call(platform, "endpoint_text", { endpoint }),
  });
}

/** A file or a folder that is about to be priced. Never kept: the file may be another one the next time. */
export function fileQuery(platform: Platform, file: string) {
  return queryOptions({
    queryKey: keys.file(file),
    queryFn: () => call(platform, "file_inspect", { file }),
    staleTime: 0,
    gcTime: 0,
  });
}

/**
 * The payments of a filter, newest first, as far as they were scrolled to. The first page carries the
 * sums of the whole filter. While another filter is asked, the rows of the one before stay.
 */
export function paymentsQuery(platform: Platform, filter: PaymentFilter = {}) {
  return infiniteQueryOptions({
    queryKey: keys.paymentList(filter),
    queryFn: ({ pageParam }) =>
      call(platform, "payment_list", {
        ...toRequest(filter),
        ...(pageParam === null ? { limit: PAYMENT_PAGE } : { limit: FURTHER_PAYMENTS, before: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last: PaymentList) => last.next,
    placeholderData: keepPreviousData,
    // Rows keep their identity by their id (payment-pages.ts); comparing them by place would undo that.
    structuralSharing: false,
  });
}

/** The newest payments. */
export function recentPaymentsQuery(platform: Platform, limit = RECENT_PAYMENTS) {
  return queryOptions({
    queryKey: keys.recentPayments(limit),
    queryFn: () => call(platform, "payment_list", { limit }),
  });
}

/** The newest payments that a search finds. */
export function foundPaymentsQuery(platform: Platform, search: string, limit: number) {
  return queryOptions({
    queryKey: keys.foundPayments(search, limit),
    queryFn: () => call(platform, "payment_list", { search, limit }),
    placeholderData: keepPreviousData,
  });
}

/** How many payments there are in each of several filters. */
export function paymentCountsQuery(platform: Platform, filters: readonly PaymentFilter[]) {
  return queryOptions({
    queryKey: keys.paymentCounts(filters),
    queryFn: async () => {
      const lists = filters.map((filter) =>
        call(platform, "payment_list", { ...toRequest(filter), limit: 1 }),
      );
      return (await Promise.all(lists)).map(({ total }) => total);
    },
  });
}

/** One payment with what happened to it. */
export function paymentQuery(platform: Platform, payment: string) {
  return queryOptions({
    queryKey: keys.payment(payment),
    queryFn: () => call(platform, "payment_show", { payment }),
  });
}

/** The batches, newest first, as far as they were scrolled to. */
export function batchesQuery(platform: Platform) {
  return infiniteQueryOptions({
    queryKey: keys.batchList,
    queryFn: ({ pageParam }) =>
      call(platform, "batch_list", { limit: BATCH_PAGE, ...(pageParam !== null && { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.items.length < BATCH_PAGE ? null : (last.items.at(-1)?.id ?? null)),
  });
}

/** The newest batches, to notice when one ends. */
export function recentBatchesQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.recentBatches,
    queryFn: () => call(platform, "batch_list", { limit: RECENT_BATCHES }),
  });
}

/** One batch with its attempts and what became of each payment. */
export function batchQuery(platform: Platform, batch: number) {
  return queryOptions({
    queryKey: keys.batch(batch),
    queryFn: () => call(platform, "batch_show", { batch }),
  });
}

/** What settling now would do. Asked anew whenever somebody looks: fees and balances move. */
export function previewQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.preview,
    queryFn: () => call(platform, "settle_preview", null),
    staleTime: 0,
    gcTime: 0,
  });
}

/** What came in, and how that compares with the time before. */
export function revenueQuery(platform: Platform, query: RevenueQuery) {
  return queryOptions({
    queryKey: keys.revenueOf(query),
    queryFn: () => call(platform, "revenue", query),
    placeholderData: keepPreviousData,
  });
}

/** What the seller should look at. */
export function attentionQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.attention,
    queryFn: () => call(platform, "attention_list", null),
  });
}

/** Every setting. */
export function settingsQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.settings, queryFn: () => call(platform, "settings_get", null) });
}

/** When each network's queue is settled by itself. */
export function schedulesQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.scheduleList,
    queryFn: () => call(platform, "schedule_show", {}),
  });
}

/** What a schedule would mean, or why it cannot be. Changes nothing. */
export function scheduleCheckQuery(platform: Platform, wanted: ScheduleSet) {
  return queryOptions({
    queryKey: keys.scheduleCheck(wanted),
    queryFn: () => call(platform, "schedule_set", { ...wanted, check: true }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** What is delivered and not settled, against the seller's caps. */
export function exposureQuery(platform: Platform) {
  return queryOptions({ queryKey: keys.exposure, queryFn: () => call(platform, "exposure_show", null) });
}

/** The buyers, as far as they were scrolled to. While others are asked, those from before stay. */
export function payersQuery(platform: Platform, choice: PayerChoice) {
  return infiniteQueryOptions({
    queryKey: keys.payerList(choice),
    queryFn: ({ pageParam }) =>
      call(platform, "payer_list", {
        ...(choice.sort !== undefined && { sort: choice.sort }),
        ...(choice.standing !== undefined && { standing: choice.standing }),
        limit: PAYER_PAGE,
        ...(pageParam !== null && { before: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last: PayerList) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** What would be left alone if the program ended now. Asked anew whenever somebody looks. */
export function quitPreviewQuery(platform: Platform) {
  return queryOptions({
    queryKey: keys.quitPreview,
    queryFn: () => call(platform, "quit_preview", null),
    staleTime: 0,
    gcTime: 0,
  });
}

/** One buyer. */
export function payerQuery(platform: Platform, payer: string) {
  return queryOptions({
    queryKey: keys.payer(payer),
    queryFn: () => call(platform, "payer_show", { payer }),
  });
}

/** The newest payments of one buyer. */
export function payerPaymentsQuery(platform: Platform, payer: string, limit: number) {
  return queryOptions({
    queryKey: keys.payerPayments(payer, limit),
    queryFn: () => call(platform, "payment_list", { payer, limit }),
  });
}

/** A command that changes something, ready to be given its request. */
export type Command<Name extends keyof Commands> = UseMutationResult<
  Commands[Name][1],
  ApiError,
  Commands[Name][0]
>;

/** What it changed is told by the app's event; `seen` shows at once what its own answer already says. */
export function useCommand<Name extends keyof Commands>(
  name: Name,
  seen?: (answer: Commands[Name][1]) => void,
): Command<Name> {
  const platform = usePlatform();
  return useMutation<Commands[Name][1], ApiError, Commands[Name][0]>({
    mutationFn: (request) => call(platform, name, request),
    onSuccess: (answer) => seen?.(answer),
  });
}

/** A command that answers with the endpoint as it is now. */
function useEndpointCommand<
  Name extends
    | "endpoint_add"
    | "endpoint_set_price"
    | "endpoint_pause"
    | "endpoint_resume"
    | "endpoint_remove"
    | "endpoint_restore"
    | "endpoint_publish_again"
    | "endpoint_edit"
    | "endpoint_preview"
    | "endpoint_quota",
>(name: Name): Command<Name> {
  const client = useQueryClient();
  return useCommand(name, (answer: EndpointView) => {
    client.setQueryData<EndpointList>(
      keys.endpointList,
      (known) => known && { ...known, items: withEndpoint(known.items, answer) },
    );
  });
}

/** The list with the endpoint as it is now; removed ones are not listed. */
export function withEndpoint(known: readonly EndpointView[], now: EndpointView): EndpointView[] {
  if (now.state === "removed") {
    return known.filter(({ id }) => id !== now.id);
  }
  if (known.some(({ id }) => id === now.id)) {
    return known.map((endpoint) => (endpoint.id === now.id ? now : endpoint));
  }
  return [...known, now].sort((one, other) => one.createdAt - other.createdAt);
}

/** Puts a file up for sale. */
export const useEndpointAdd = () => useEndpointCommand("endpoint_add");
/** Changes a price. */
export const useEndpointSetPrice = () => useEndpointCommand("endpoint_set_price");
/** Stops selling one endpoint. */
export const useEndpointPause = () => useEndpointCommand("endpoint_pause");
/** Sells a paused endpoint again. */
export const useEndpointResume = () => useEndpointCommand("endpoint_resume");
/** Changes what is said of an endpoint, or its text. */
export const useEndpointEdit = () => useEndpointCommand("endpoint_edit");
/** Lets everybody see a file of an endpoint before they pay. */
export const useEndpointPreview = () => useEndpointCommand("endpoint_preview");
/** Lets a service answer so many requests a day for nothing. */
export const useEndpointQuota = () => useEndpointCommand("endpoint_quota");
/** Asks a service, without charging anybody. */
export const useEndpointTest = () => useCommand("endpoint_test");
/** Takes an endpoint away from new buyers. */
export const useEndpointRemove = () => useEndpointCommand("endpoint_remove");
/** Takes a removal back. */
export const useEndpointRestore = () => useEndpointCommand("endpoint_restore");
export const useEndpointPublishAgain = () => useEndpointCommand("endpoint_publish_again");

/** Opens the stall for sales, or closes it. */
export function useStallSet(): Command<"stall_set"> {
  const client = useQueryClient();
  return useCommand("stall_set", (status) => client.setQueryData(keys.status, status));
}

/**
 * Settles what waits. The request is named when the component that asks first appears, so that pressing
 * twice, or again after an answer was lost, cannot settle twice. Use it in the dialog's content, which
 * appears anew each time the dialog opens.
 */
export function useSettle() {
  const [key] = useState(newKey);
  const platform = usePlatform();
  return useMutation({ mutationFn: () => call(platform, "settle", { key, wait: false }) });
}

/** Gives payments up: those named, or all that need attention for a reason. */
export const usePaymentWriteOff = () => useCommand("payment_write_off");

/** Writes something beside a payment. */
export const usePaymentNote = () => useCommand("payment_note");

/** Ends every link to what a payment bought. */
export const usePaymentEndLinks = () => useCommand("payment_end_links");

/** Sets a network up: its nodes and where the money goes. */
export const useNetworkSet = () => useCommand("network_set");

/** Changes where the money goes. */
export const usePayoutSet = () => useCommand("payout_set");

/** Changes a setting. */
export function useSettingSet(): Command<"settings_set"> {
  const client = useQueryClient();
  return useCommand("settings_set", (settings) => client.setQueryData(keys.settings, settings));
}

/** Chooses when a network's queue is settled by itself. */
export function useScheduleSet(): Command<"schedule_set"> {
  const client = useQueryClient();
  return useCommand("schedule_set", (now) => {
    if (now.applied) {
      client.setQueryData<ScheduleList>(
        keys.scheduleList,
        (known) => known && { items: known.items.map((item) => (item.network === now.network ? now : item)) },
      );
    }
  });
}

/** Changes how much is delivered before its money has arrived. */
export function useExposureSet(): Command<"exposure_set"> {
  const client = useQueryClient();
  return useCommand("exposure_set", (now) => client.setQueryData(keys.exposure, now));
}

/** Says how far a buyer is trusted. */
export function usePayerSet(): Command<"payer_set"> {
  const client = useQueryClient();
  return useCommand("payer_set", (now) => client.setQueryData<PayerDetailView>(keys.payer(now.payer), now));
}

/** Mints practice money. */
export const usePracticeFund = () => useCommand("practice_fund");
/** Makes test purchases. */
export const usePracticeBuy = () => useCommand("practice_buy");

/** 128 random bits as hexadecimal digits. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
