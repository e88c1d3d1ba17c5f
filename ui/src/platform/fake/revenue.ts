import type { RevenueView } from "../../api/generated/RevenueView";
import { refuse } from "./refuse";
import type { Stall } from "./stall";
import { DAY } from "./sums";

const MOST_DAYS = 366;

/** What came in on each of the last days, without a gap, oldest first. */
export function revenue(stall: Stall, days: number): RevenueView {
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw refuse("invalid_request", `A chart has 1 to ${MOST_DAYS} days.`);
  }
  const today = Math.floor(stall.clock.now() / DAY);
  const items = Array.from({ length: days }, (_, place) => {
    const day = today - days + 1 + place;
    return {
      day: new Date(day * DAY).toISOString().slice(0, 10),
      ...stall.book.sums.summary({ day }),
    };
  });
  return { items, zone: "UTC" };
}
