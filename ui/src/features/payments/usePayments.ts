import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PaymentList } from "../../api/generated/PaymentList";
import type { PaymentFilter } from "../../api/keys";
import { usePages } from "../../api/pages";
import { usePlatform } from "../../api/platform-context";
import { paymentsQuery } from "../../api/queries";

const NONE: readonly PaymentList[] = [];

/** The payments of a filter as far as they were scrolled to. */
export function usePayments(filter: PaymentFilter) {
  const query = useInfiniteQuery(paymentsQuery(usePlatform(), filter));
  const { data, isPlaceholderData } = query;
  // While another filter is asked, what is shown is still that of the one before.
  const [shown, setShown] = useState(filter);
  if (!isPlaceholderData && shown !== filter) {
    setShown(filter);
  }
  return {
    ...usePages(query),
    pages: data?.pages ?? NONE,
    first: data?.pages[0],
    /** Changes when the rows are those of another filter. */
    shownFor: JSON.stringify(isPlaceholderData ? shown : filter),
  };
}

export type Payments = ReturnType<typeof usePayments>;
