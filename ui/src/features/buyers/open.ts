import { useNavigate, useParams } from "@tanstack/react-router";
import { createContext, use, useCallback } from "react";
import type { PayerView } from "../../api/generated/PayerView";

const Context = createContext<readonly PayerView[]>([]);

/** Tells the drawer which rows are beside it. */
export const ListedProvider = Context.Provider;

export const useListed = () => use(Context);

/** Whether two spellings name the same account. */
export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A row's name: a buyer has one for each token they paid in. */
export function rowId({ payer, network, firstSeenAt }: PayerView): string {
  return `${payer} ${network ?? ""} ${firstSeenAt ?? ""}`;
}

/** The buyer who is open in the drawer, and how to open another one or none. What is shown stays. */
export function useOpenBuyer() {
  const { buyer = null } = useParams({ strict: false });
  const navigate = useNavigate();
  const isOpen = buyer !== null;
  return {
    buyer,
    // Back leads out of the drawer, not through all the records that were looked at.
    open: useCallback(
      (payer: string) =>
        void navigate({ to: "/buyers/$buyer", params: { buyer: payer }, search: true, replace: isOpen }),
      [navigate, isOpen],
    ),
    close: useCallback(() => void navigate({ to: "/buyers", search: true, replace: true }), [navigate]),
  };
}
