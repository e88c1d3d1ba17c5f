import type { NoticeList } from "../../api/generated/NoticeList";
import type { NoticeQuery } from "../../api/generated/NoticeQuery";
import type { NoticesSeen } from "../../api/generated/NoticesSeen";
import type { NoticeView } from "../../api/generated/NoticeView";
import { attention } from "./attention";
import type { Stall } from "./stall";
import { counted, HOUR } from "./sums";

const USUAL_PAGE = 30;

/** What was told: the sales of each hour, and what needs a look. */
export function listNotices(stall: Stall, { limit = USUAL_PAGE, before }: NoticeQuery): NoticeList {
  const all = told(stall);
  const older = all.filter(({ id }) => before === undefined || Number(id) < Number(before));
  const items = older.slice(0, limit);
  return {
    items,
    unread: all.filter(({ unread }) => unread).length,
    next: older.length > items.length ? (items.at(-1)?.id ?? null) : null,
  };
}

/** They were seen, up to one of them or all. */
export function seeNotices(stall: Stall, { until }: NoticesSeen): NoticeList {
  const last = Number(told(stall)[0]?.id ?? 0);
  stall.noticesSeen = Math.max(stall.noticesSeen, Math.min(last, Number(until ?? last)));
  stall.events.changed("notices");
  return listNotices(stall, {});
}

function told(stall: Stall): NoticeView[] {
  const hours = new Map<number, NoticeView>();
  const sums = new Map<number, { payments: number; amount: bigint }>();
  for (const { createdAt, endpoint, amount } of stall.book.payments) {
    const hour = Math.floor(createdAt / HOUR);
    const sum = sums.get(hour) ?? { payments: 0, amount: 0n };
    sum.payments += 1;
    sum.amount += amount;
    sums.set(hour, sum);
    hours.set(hour, {
      id: "",
      at: hours.get(hour)?.at ?? createdAt,
      until: createdAt,
      kind: "sales",
      about: sum.payments === 1 ? endpoint.title : "",
      sentence: "",
      money: counted(sum),
      unread: false,
      over: false,
    });
  }
  for (const [name, trouble] of stall.troublesTold) {
    stall.troublesTold.set(name, { ...trouble, over: true });
  }
  for (const { kind, reason, endpoint, sentence, payments, amount } of attention(stall)) {
    stall.troublesTold.set(`${kind} ${reason} ${endpoint}`, {
      id: "",
      at: stall.startedAt,
      until: stall.startedAt,
      kind: "attention",
      about: kind,
      sentence,
      money: { payments, ...(amount ?? counted({ payments, amount: 0n })) },
      unread: false,
      over: false,
    });
  }
  return [...hours.values(), ...stall.troublesTold.values()]
    .sort((one, other) => one.at - other.at)
    .map((notice, place) => ({
      ...notice,
      id: String(place + 1),
      unread: place + 1 > stall.noticesSeen && !notice.over,
    }))
    .reverse();
}
