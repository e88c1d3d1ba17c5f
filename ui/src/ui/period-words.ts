import { m } from "../i18n/messages";
import type { Period } from "../lib/period";

const WORDS: Record<Period, () => string> = {
  today: m.ui_period_today,
  week: m.ui_period_week,
  weeks: m.ui_period_weeks,
  quarter: m.ui_period_quarter,
  month: m.ui_period_month,
  "last-month": m.ui_period_last_month,
  year: m.ui_period_year,
  own: m.ui_period_own,
};

/** How a period is called. */
export function periodWord(period: Period): string {
  return WORDS[period]();
}
