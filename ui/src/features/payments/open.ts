import { useNavigate, useParams } from "@tanstack/react-router";
import { createContext, use, useCallback } from "react";
import type { PaymentView } from "../../api/generated/PaymentView";

const Context = createContext<readonly PaymentView[]>([]);

/** Tells the drawer which rows are beside it. */
export const ListedProvider = Context.Provider;

export const useListed = () => use(Context);

/** The payment that is open in the drawer, and how to open another one or none. The filter stays. */
export function useOpenPayment() {
  const { payment = null } = useParams({ strict: false });
  const navigate = useNavigate();
  const isOpen = payment !== null;
  return {
    payment,
    // Back leads out of the drawer, not through all the records that were looked at.
    open: useCallback(
      (id: string) =>
        void navigate({ to: "/payments/$payment", params: { payment: id }, search: true, replace: isOpen }),
      [navigate, isOpen],
    ),
    close: useCallback(() => void navigate({ to: "/payments", search: true, replace: true }), [navigate]),
  };
}
