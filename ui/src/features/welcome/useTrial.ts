import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { newKey, paymentQuery, recentPaymentsQuery, useCommand, usePracticeBuy } from "../../api/queries";
import type { Failure } from "../../ui/ErrorState";

/**
 * A purchase that is watched from its first step to its last. What the built-in buyer bought is settled at once,
 * instead of when the schedule says; what anybody else buys meanwhile is only watched.
 */
export function useTrial() {
  const platform = usePlatform();
  const [openedAt] = useState(Date.now);
  const { mutate, data, error, isPending } = usePracticeBuy();
  const { mutate: settle, error: unsettled } = useCommand("settle");
  const purchase = data?.items[0];
  const { data: recent } = useQuery(recentPaymentsQuery(platform));
  const bought = recent?.items.find(({ payer, createdAt }) =>
    purchase === undefined ? createdAt >= openedAt : payer.toLowerCase() === purchase.payer.toLowerCase(),
  );
  const { data: payment } = useQuery({
    ...paymentQuery(platform, bought?.id ?? ""),
    enabled: bought !== undefined,
  });
  const asked = useRef("");
  useEffect(() => {
    if (purchase !== undefined && payment?.state === "queued" && asked.current !== payment.id) {
      asked.current = payment.id;
      settle({ key: newKey(), payments: [payment.id], wait: false });
    }
  }, [purchase, payment, settle]);
  const refused: Failure | null =
    purchase?.error == null ? null : { code: `status ${purchase.status ?? "none"}`, message: purchase.error };
  return {
    begin: (path: string) => mutate({ path }),
    isPending,
    error: error ?? refused ?? unsettled,
    payment,
  };
}
