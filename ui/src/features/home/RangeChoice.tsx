import { useNavigate, useSearch } from "@tanstack/react-router";
import { m } from "../../i18n/messages";
import { Choice } from "../../ui/Choice";
import { DateInput } from "../../ui/DateInput";
import { RANGES, type Range } from "./ranges";
import { useRevenue } from "./useRevenue";

/** For which days the figures are. */
export function RangeChoice() {
  const { range: chosen = 28, from, to } = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  const { data } = useRevenue();
  const choose = (change: { range?: Range; from?: string; to?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const first = from ?? data?.from ?? "";
  const last = to ?? data?.to ?? "";
  const order = () => {
    if (first > last) {
      choose({ from: last, to: first });
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Choice
        label={m.home_range()}
        items={RANGES.map((range) => ({ value: String(range), label: words(range) }))}
        value={String(chosen)}
        onValueChange={(value) => {
          const range = RANGES.find((one) => String(one) === value) ?? 28;
          if (range === "custom") {
            choose({ range, from: first, to: last });
          } else {
            void navigate({
              search: ({ from: _, to: __, ...before }) => ({ ...before, range }),
              replace: true,
            });
          }
        }}
      />
      {chosen === "custom" && (
        <>
          <DateInput
            label={m.home_from()}
            value={first}
            max={last}
            onChange={(day) => choose({ from: day, to: last })}
            onLeave={order}
          />
          <DateInput
            label={m.home_to()}
            value={last}
            min={first}
            onChange={(day) => choose({ from: first, to: day })}
            onLeave={order}
          />
        </>
      )}
    </div>
  );
}

function words(range: Range): string {
  switch (range) {
    case 1:
      return m.home_today();
    case "year":
      return m.home_year();
    case "custom":
      return m.home_custom();
    default:
      return m.home_days({ count: range });
  }
}
