import type { NewsQuery } from "../../api/generated/NewsQuery";
import type { NewsView } from "../../api/generated/NewsView";
import { attention } from "./attention";
import { money } from "./money";
import type { Stall } from "./stall";

/** The stall in a line. The newest payment is the place where the next question begins. */
export function news(stall: Stall, { since }: NewsQuery): NewsView {
  const { environment, url, selling, pausedUntil, offlineReason, money: sums } = stall.status();
  const count = stall.book.payments.length;
  const sold = since === undefined ? [] : stall.book.payments.slice(Number(since));
  const amount = sold.reduce((sum, payment) => sum + payment.amount, 0n);
  return {
    environment,
    url,
    selling,
    pausedUntil,
    pausedUntilTime: pausedUntil === null ? null : new Date(pausedUntil).toISOString().slice(11, 16),
    settling: 0,
    alerts: [],
    notify: stall.notifications.show(),
    offlineReason,
    soldToday: sums.settledToday,
    settledToday: sums.settledToday,
    pending: sums.pending,
    attention: attention(stall).length,
    delivering: stall.downloads,
    sales: { payments: sold.length, ...money(amount) },
    title: null,
    next: String(count),
  };
}
