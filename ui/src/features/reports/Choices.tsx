import { m } from "../../i18n/messages";
import { PERIODS } from "../../lib/period";
import { Choice } from "../../ui/Choice";
import { DateInput } from "../../ui/DateInput";
import { periodWord } from "../../ui/period-words";
import { Select } from "../../ui/Select";
import { BY, type By, useReportSearch } from "./search";

const BY_WORDS: Record<By, () => string> = {
  day: m.reports_by_day,
  endpoint: m.reports_by_endpoint,
  payer: m.reports_by_payer,
  network: m.reports_by_network,
};

/** Chooses the days and what the lines are about. */
export function Choices() {
  const { period, days, by, choose } = useReportSearch();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <Select
        label={m.reports_period()}
        value={period}
        onValueChange={(value) => choose(value === "own" ? { period: value, ...days } : { period: value })}
        items={PERIODS.map((value) => ({ value, label: periodWord(value) }))}
        className="min-h-7 w-44"
      />
      {period === "own" && (
        <div className="flex flex-wrap items-center gap-2">
          <DateInput
            label={m.reports_from()}
            value={days.from}
            max={days.to}
            onChange={(from) => choose({ from })}
          />
          <span className="text-text-2">–</span>
          <DateInput
            label={m.reports_to()}
            value={days.to}
            min={days.from}
            onChange={(to) => choose({ to })}
          />
        </div>
      )}
      <Choice
        label={m.reports_by()}
        items={BY.map((value) => ({ value, label: BY_WORDS[value]() }))}
        value={by}
        onValueChange={(value) => choose({ by: value })}
        className="ml-auto"
      />
    </div>
  );
}
