import { lazyRouteComponent } from "@tanstack/react-router";
import { lazy } from "react";

/** What the first picture of Home does not show is in one file: going from page to page waits for none. */
const read = () => import("./pages");

type Read = Awaited<ReturnType<typeof read>>;

/** A page of that file. */
export function page(name: keyof Read["PAGES"]) {
  return lazyRouteComponent(async () => (await read()).PAGES, name);
}

export const Dialogs = lazy(async () => ({ default: (await read()).BESIDE.Dialogs }));
export const FollowUp = lazy(async () => ({ default: (await read()).BESIDE.FollowUp }));
export const PriceSheet = lazy(async () => ({ default: (await read()).BESIDE.PriceSheet }));
export const PurchaseDialog = lazy(async () => ({ default: (await read()).BESIDE.PurchaseDialog }));
