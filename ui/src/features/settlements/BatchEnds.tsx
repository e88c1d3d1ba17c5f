import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";
import type { BatchView } from "../../api/generated/BatchView";
import { usePlatform } from "../../api/platform-context";
import { recentBatchesQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { notify } from "../../ui/toast";
import { useAmountText } from "./amounts";
import { arrived, isOpen, isPaid } from "./batch";

/** Tells on every page when a batch has ended, and how. Instant sales tell their own story. */
export function BatchEnds() {
  const { data } = useQuery(recentBatchesQuery(usePlatform()));
  const navigate = useNavigate();
  const amount = useAmountText();
  const awaited = useRef<Set<number>>(null);
  const newest = useRef(0);

  const tell = useEffectEvent((batch: BatchView) => {
    const show = {
      label: m.settlements_toast_show(),
      run: () => void navigate({ to: "/settlements/$batch", params: { batch: String(batch.id) } }),
    };
    const attention = {
      label: m.settlements_toast_attention(),
      run: () => void navigate({ to: "/attention" }),
    };
    if (isPaid(batch)) {
      notify({
        title: m.settlements_toast_settled({ amount: amount(batch.formatted) }),
        description: m.settlements_toast_settled_text({ batch: batch.id, count: batch.payments }),
        tone: "settled",
        action: show,
      });
    } else if (batch.state === "partly_settled") {
      notify({
        title: m.settlements_toast_partly({ amount: amount(arrived(batch)), total: amount(batch.formatted) }),
        description: m.settlements_toast_partly_text({
          batch: batch.id,
          count: batch.payments - batch.settledPayments,
        }),
        tone: "failed",
        action: attention,
      });
    } else if (batch.state === "failed") {
      notify({
        title: m.settlements_toast_failed({ batch: batch.id }),
        description: m.settlements_toast_failed_text({ count: batch.payments }),
        tone: "failed",
        action: attention,
      });
    } else {
      notify({
        title: m.settlements_toast_dissolved({ batch: batch.id }),
        description: m.settlements_toast_dissolved_text(),
        action: show,
      });
    }
  });

  useEffect(() => {
    if (data === undefined) {
      return;
    }
    // What had ended before the window opened is no news.
    const isFirst = awaited.current === null;
    const open = new Set(data.items.filter(isOpen).map(({ id }) => id));
    for (const batch of data.items.toReversed()) {
      const isNews = awaited.current?.has(batch.id) === true || (!isFirst && batch.id > newest.current);
      if (isNews && !isOpen(batch) && batch.startedBy !== "instant") {
        tell(batch);
      }
    }
    awaited.current = open;
    newest.current = Math.max(newest.current, data.items[0]?.id ?? 0);
  }, [data]);
  return null;
}
