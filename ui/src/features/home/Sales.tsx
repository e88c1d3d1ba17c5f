import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartColumn, Table2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { RevenueDay } from "../../api/generated/RevenueDay";
import { usePlatform } from "../../api/platform-context";
import { revenueQuery, statusQuery } from "../../api/queries";
import { m } from "../../i18n/paraglide/messages";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Choice } from "../../ui/Choice";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { exampleDays } from "./example";
import { RANGES } from "./ranges";
import { SalesTable } from "./SalesTable";

// The chart is half of the program's size, and Home should be there at once.
const SalesChart = lazy(async () => ({ default: (await import("./SalesChart")).SalesChart }));

/** What came in day by day, as a chart or as a table. */
export function Sales() {
  const platform = usePlatform();
  const { days: chosen = 28 } = useSearch({ from: "/" });
  const navigate = useNavigate();
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch, isFetching } = useQuery(revenueQuery(platform, chosen));
  const { data: status } = useQuery(statusQuery(platform));
  const days = data?.items ?? [];
  const isExample = data !== undefined && isNew(days) && status?.totals.length === 0;
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-2">
          {m.home_sales()}
          {isExample && <Badge tone="accent">{m.home_example()}</Badge>}
        </span>
      }
      aside={
        <span className="flex flex-wrap items-center gap-2">
          <Choice
            label={m.home_range()}
            items={RANGES.map((count) => ({ value: String(count), label: m.home_days({ count }) }))}
            value={String(chosen)}
            onValueChange={(value) =>
              void navigate({
                to: "/",
                search: { days: RANGES.find((days) => String(days) === value) },
                replace: true,
              })
            }
          />
          {!isExample && data !== undefined && (
            <Button
              size="sm"
              variant="ghost"
              icon={asTable ? ChartColumn : Table2}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? m.home_as_chart() : m.home_as_table()}
            </Button>
          )}
        </span>
      }
    >
      {data === undefined && error !== null ? (
        <ErrorState
          title={m.home_sales_failed()}
          error={error}
          retrying={isFetching}
          onRetry={() => void refetch()}
        />
      ) : data === undefined ? (
        <Waiting />
      ) : asTable && !isExample ? (
        <SalesTable days={days} />
      ) : (
        <div className="relative">
          <Suspense fallback={<Waiting />}>
            <SalesChart
              days={isExample ? exampleDays(days) : days}
              label={isExample ? m.home_example_text() : m.home_chart({ count: days.length })}
            />
          </Suspense>
          {!isExample && isNew(days) && (
            <p className="pointer-events-none absolute inset-0 flex items-center justify-center text-text-2">
              {m.home_no_sales({ count: days.length })}
            </p>
          )}
        </div>
      )}
      {data !== undefined && (
        <p className="mt-3 text-caption text-text-2">
          {isExample ? m.home_example_text() : m.home_zone({ zone: data.zone })}
        </p>
      )}
    </Card>
  );
}

function Waiting() {
  return <Skeleton className="h-60 w-full" />;
}

function isNew(days: readonly RevenueDay[]): boolean {
  return days.every(({ settled, pending, attention }) =>
    [settled, pending, attention].every(({ payments }) => payments === 0),
  );
}
