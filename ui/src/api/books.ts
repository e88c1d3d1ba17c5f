import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Platform } from "../platform/platform";
import { call } from "./client";
import type { ApiError } from "./error";
import type { Export } from "./generated/Export";
import type { Exported } from "./generated/Exported";
import type { ReportQuery } from "./generated/ReportQuery";
import { keys } from "./keys";
import { usePlatform } from "./platform-context";
import { useCommand } from "./queries";

/** How many refunds a page has. */
const REFUND_PAGE = 50;

/** The books of some days. While other days are asked, those from before stay. */
export function reportQuery(platform: Platform, query: ReportQuery) {
  return queryOptions({
    queryKey: keys.report(query),
    queryFn: () => call(platform, "report", query),
    placeholderData: keepPreviousData,
  });
}

/** What was given back, of one payment or of all, newest first, as far as it was asked for. */
export function refundsQuery(platform: Platform, payment: string | null = null) {
  return infiniteQueryOptions({
    queryKey: keys.refundList(payment),
    queryFn: ({ pageParam }) =>
      call(platform, "refund_list", {
        limit: REFUND_PAGE,
        ...(payment !== null && { payment }),
        ...(pageParam !== null && { before: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ items }) => (items.length < REFUND_PAGE ? null : (items.at(-1)?.id ?? null)),
  });
}

/** A transfer that gives a payment back, or a part of it, for the seller's own wallet to make. */
export function refundPlanQuery(platform: Platform, payment: string, amount: string | null) {
  return queryOptions({
    queryKey: keys.refundPlan(payment, amount),
    queryFn: () => call(platform, "refund_prepare", { payment, ...(amount !== null && { amount }) }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

/** Records a transfer back to a buyer, which the chain has to show. */
export const useRefundRecord = () => useCommand("refund_record");
/** Compares the books with the chain. */
export const useReconcile = () => useCommand("reconcile");
/** Looks at what could go wrong. */
export const useDoctor = () => useCommand("doctor");

/** What to write, and what the file is called unless the person says otherwise. */
export interface ExportWish extends Omit<Export, "path" | "replace"> {
  name: string;
}

/** Lets the person choose a file and writes the books into it; answers null when none was chosen. */
export function useExport() {
  const platform = usePlatform();
  const [path, setPath] = useState<string | null>(null);
  const { mutateAsync, isPending, error } = useMutation<Exported | null, ApiError, ExportWish>({
    mutationFn: async ({ name, ...wish }) => {
      const chosen = await platform.saveFile(name);
      setPath(chosen);
      // Whoever chose a file that is there was asked by the system whether it may go.
      return chosen === null ? null : call(platform, "export", { ...wish, path: chosen, replace: true });
    },
    onSettled: () => setPath(null),
  });
  return { write: mutateAsync, isPending, error, /** The file that is being written. */ path };
}

/** How far an export has got, asked again and again. */
export function exportProgressQuery(platform: Platform, path: string) {
  return queryOptions({
    queryKey: keys.exportProgress(path),
    queryFn: () => call(platform, "export_progress", { path }),
    refetchInterval: 500,
    staleTime: 0,
    gcTime: 0,
  });
}

/** Breaks an export off; whoever asked for it is told. */
export const useExportCancel = () => useCommand("export_cancel");
