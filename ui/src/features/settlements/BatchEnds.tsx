import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { BatchView } from "../../api/generated/BatchView";
import { usePlatform } from "../../api/platform-context";
import { batchQuery, recentBatchesQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { useAmountText } from "../../ui/amounts";
import { notify, withdraw } from "../../ui/toast";
import { arrived, isOpen, isPaid } from "./batch";

/** Tells on every page when a batch has ended, and how. Instant sales tell their own story. */
export function BatchEnds() {
  const { data } = useQuery(recentBatchesQuery(usePlatform()));
  const navigate = useNavigate();
  const amount = useAmountText();
  const awaited = useRef<Set<number>>(null);
  const newest = useRef(0);
  const [troubles, setTroubles] = useState<readonly Trouble[]>([]);

  const tell = useEffectEvent((batch: BatchView) => {
    const show = {
      label: m.settlements_toast_show(),
      run: () => void navigate({ to: "/settlements/$batch", params: { batch: String(batch.id) } }),
    };
    const attention = {
      label: m.settlements_toast_attention(),
      run: () => void navigate({ to: "/attention" }),
    };
    const trouble = (title: string, description: string) => {
      const toast = notify({
        title,
        description,
        tone: "failed",
        action: attention,
        onGone: () => setTroubles((known) => known.filter((other) => other.batch !== batch.id)),
      });
      setTroubles((known) => [...known, { batch: batch.id, toast }]);
    };
    if (isPaid(batch)) {
      notify({
        title: m.settlements_toast_settled({ amount: amount(batch.formatted) }),
        description: m.settlements_toast_settled_text({ batch: batch.id, count: batch.payments }),
        tone: "settled",
        action: show,
      });
    } else if (batch.state === "partly_settled") {
      trouble(
        m.settlements_toast_partly({ amount: amount(arrived(batch)), total: amount(batch.formatted) }),
        m.settlements_toast_partly_text({ batch: batch.id, count: batch.payments - batch.settledPayments }),
      );
    } else if (batch.state === "failed") {
      trouble(
        m.settlements_toast_failed({ batch: batch.id }),
        m.settlements_toast_failed_text({ count: batch.payments }),
      );
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
  return troubles.map((trouble) => <Overcome key={trouble.toast} {...trouble} />);
}

/** A batch that was told to have failed, in part or as a whole, and the toast that says so. */
interface Trouble {
  batch: number;
  toast: string;
}

/** Nothing is left to do about a payment. */
const OVER: ReadonlySet<string> = new Set(["settled", "settled_elsewhere", "written_off", "voided"]);

/** Takes the toast away once every payment of the batch was settled after all, or given up. */
function Overcome({ batch, toast }: Trouble) {
  const { data } = useQuery(batchQuery(usePlatform(), batch));
  const isOver = data?.items.every(({ state }) => OVER.has(state)) === true;
  useEffect(() => {
    if (isOver) {
      withdraw(toast);
    }
  }, [isOver, toast]);
  return null;
}
