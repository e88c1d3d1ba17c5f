import { m } from "../i18n/messages";
import { plannedTime } from "../lib/time";

interface Next {
  /** Unix milliseconds. */
  at: number;
  /** What calls for it. */
  because: string;
  /** The same in the app's words. */
  sentence: string;
}

/** When settling is called for next, and why then. */
export function nextRun({ at, because, sentence }: Next, now: number): string {
  const time = at <= now ? m.ui_next_now() : plannedTime(at);
  switch (because) {
    case "schedule":
      return m.ui_next_schedule({ time });
    case "amount":
      return m.ui_next_amount({ time });
    case "count":
      return m.ui_next_count({ time });
    case "deadline":
      return m.ui_next_deadline({ time });
    default:
      return sentence;
  }
}
