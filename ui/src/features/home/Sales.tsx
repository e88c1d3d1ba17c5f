import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { ChartColumn, Download, Table2 } from "lucide-react";
import { useState } from "react";
import type { RevenueDay } from "../../api/generated/RevenueDay";
import type { RevenueView } from "../../api/generated/RevenueView";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { dayOfYear } from "../../lib/time";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { CopyButton } from "../../ui/CopyButton";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { useSurroundings } from "../../ui/surroundings";
import { useSave } from "../../ui/useSave";
import { asCsv } from "./csv";
import { exampleDays } from "./example";
import { More } from "./More";
import { SalesChart } from "./SalesChart";
import { SalesTable } from "./SalesTable";
import { useRevenue } from "./useRevenue";

/** What came in, as a chart or as a table: hour by hour, day by day or month by month. */
export function Sales() {
  const platform = usePlatform();
  const { compare = false } = useSearch({ from: "/" });
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch, isFetching } = useRevenue();
  const { data: status } = useQuery(statusQuery(platform));
  const { amountsHidden } = useSurroundings();
  const save = useSave();
  const days = data?.items ?? [];
  const isExample = data !== undefined && isNew(days) && status?.totals.length === 0;
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-2">
          {titleOf(data?.by)}
          {isExample && <Badge tone="accent">{m.home_example()}</Badge>}
        </span>
      }
      aside={
        !isExample &&
        data !== undefined && (
          <span className="flex flex-wrap items-center gap-2">
            {asTable && !amountsHidden && status !== undefined && (
              <>
                <CopyButton
                  text={asCsv(data, status.environment)}
                  label={m.home_copy_csv()}
                  variant="ghost"
                />
                <Button
                  size="sm"
                  variant="ghost"
                  icon={Download}
                  onClick={() =>
                    void save(nameOf(data.items, status.environment), () => asCsv(data, status.environment))
                  }
                >
                  {m.ui_save_csv()}
                </Button>
              </>
            )}
            <Button
              size="sm"
              variant="ghost"
              icon={asTable ? ChartColumn : Table2}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? m.home_as_chart() : m.home_as_table()}
            </Button>
          </span>
        )
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
        <Skeleton className="h-60 w-full" />
      ) : asTable && !isExample ? (
        <SalesTable days={days} compare={compare} />
      ) : (
        <div className="relative">
          <SalesChart
            days={isExample ? exampleDays(days) : days}
            compare={compare && !isExample}
            label={isExample ? m.home_example_text() : chartOf(data.by, days.length)}
          />
          {!isExample && isNew(days) && (
            <p className="pointer-events-none absolute inset-0 flex items-center justify-center text-text-2">
              {m.home_none_then()}
            </p>
          )}
        </div>
      )}
      {data !== undefined && (
        <p className="mt-3 text-caption text-text-2">
          {isExample
            ? m.home_example_text()
            : (data.by === "hour" ? m.home_zone_hours : m.home_zone)({ zone: data.zone })}
        </p>
      )}
      {data !== undefined && compare && !isExample && <Compared revenue={data} />}
    </Card>
  );
}

/** How much more or less is settled than of the time before, and which time that is. */
function Compared({ revenue: { before } }: { revenue: RevenueView }) {
  const time =
    before.from === before.to
      ? dayOfYear(before.from)
      : m.home_before_days({ from: dayOfYear(before.from), to: dayOfYear(before.to) });
  const words = before.soFar
    ? {
        more: m.home_more_so_far({ time }),
        less: m.home_less_so_far({ time }),
        same: m.home_same_so_far({ time }),
      }
    : {
        more: m.home_more_than_before({ time }),
        less: m.home_less_than_before({ time }),
        same: m.home_same_as_before({ time }),
      };
  return (
    <p className="mt-1 text-caption text-text-2">
      <More more={before.more} words={words} />
    </p>
  );
}

/** What the table's file is called: what it is of, and the days that it begins and ends with. */
function nameOf(items: readonly RevenueDay[], environment: string): string {
  const [first, last] = [items[0], items.at(-1)].map((day) => day?.day.slice(0, 10) ?? "");
  return `stallkeeper-${environment}-sales-${first}-${last}.csv`;
}

function titleOf(by: string | undefined): string {
  return by === "hour" ? m.home_sales_hours() : by === "month" ? m.home_sales_months() : m.home_sales();
}

function chartOf(by: string, count: number): string {
  return by === "hour"
    ? m.home_chart_hours()
    : by === "month"
      ? m.home_chart_months({ count })
      : m.home_chart({ count });
}

function isNew(days: readonly RevenueDay[]): boolean {
  return days.every(({ settled, pending, attention }) =>
    [settled, pending, attention].every(({ payments }) => payments === 0),
  );
}
