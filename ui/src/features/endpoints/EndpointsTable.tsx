import { useNavigate, useParams } from "@tanstack/react-router";
import { FileUp, SearchX } from "lucide-react";
import { useMemo, useRef } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { formatCount, formatUsd } from "../../lib/money";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import type { Column } from "../../ui/column";
import { DataTable, TablePlace } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { Money } from "../../ui/Money";
import { SkeletonRows } from "../../ui/Skeleton";
import { useWidth } from "../../ui/useWidth";
import { ContentIcon } from "./ContentIcon";
import { EndpointState } from "./EndpointState";
import { PriceButtons } from "./PriceButtons";
import type { Chosen } from "./useChosen";
import { useCopyKey } from "./useCopyKey";
import { useShelf } from "./useShelf";
import { named } from "./words";

/** The list in all its states. */
export function EndpointsTable({ chosen }: { chosen: Chosen }) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} className="flex min-h-0 flex-1 flex-col">
      <Table room={Math.floor(useWidth(place, WIDE))} chosen={chosen} />
    </div>
  );
}

function Table({ room, chosen }: { room: number; chosen: Chosen }) {
  const { all, found, text, state, error, refetch, isFetching } = useShelf();
  const { endpoint: active = null } = useParams({ strict: false });
  const navigate = useNavigate({ from: "/endpoints" });
  const widths = widthsFor(all ?? []);
  const columns = useMemo(() => columnsWith(widths, room), [widths, room]);
  useCopyKey(all);

  if (found === undefined || all === undefined) {
    return (
      <TablePlace>
        {error === null ? (
          <>
            <output className="sr-only">{m.endpoints_loading()}</output>
            <SkeletonRows />
          </>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
        )}
      </TablePlace>
    );
  }
  if (all.length === 0) {
    return (
      <TablePlace>
        <EmptyState
          icon={FileUp}
          title={m.endpoints_empty_title()}
          text={m.endpoints_empty_text()}
          action={<PriceButtons />}
        />
      </TablePlace>
    );
  }
  if (found.length === 0) {
    return (
      <TablePlace>
        <EmptyState
          icon={SearchX}
          title={m.endpoints_none_title()}
          text={
            <span className="break-words">
              {text === "" ? m.endpoints_none_of_state() : m.endpoints_none_text({ text: named(text) })}
            </span>
          }
          action={
            <Button
              onClick={() => navigate({ search: ({ q: _, state: __, ...before }) => before, replace: true })}
            >
              {state === undefined ? m.endpoints_search_clear() : m.endpoints_filter_clear()}
            </Button>
          }
        />
      </TablePlace>
    );
  }
  return (
    <DataTable
      label={m.endpoints_list()}
      columns={columns}
      rows={found}
      rowId={({ id }) => id}
      total={found.length}
      active={active}
      chosen={chosen.ids}
      onChoose={chosen.toggle}
      onOpen={({ id }) =>
        navigate({ to: "/endpoints/$endpoint", params: { endpoint: id }, search: (before) => before })
      }
    />
  );
}

/** How wide the money columns must be for the longest amount in them: an amount is never cut. */
function widthsFor(endpoints: readonly EndpointView[]): string {
  const longest = (amount: (endpoint: EndpointView) => string, least: number) =>
    endpoints.reduce((most, endpoint) => Math.max(most, formatUsd(amount(endpoint)).length), least);
  return [
    longest(({ formatted }) => formatted, 6),
    longest(({ settled }) => settled.formatted, 7),
    longest(({ pending }) => pending.formatted, 7),
    longest(({ settledToday }) => settledToday.formatted, 6),
    longest(({ settledWeek }) => settledWeek.formatted, 6),
    longest(({ settledMonth }) => settledMonth.formatted, 7),
  ].join(" ");
}

/** Room for every column, in rem. */
const WIDE = 80;

/** What the columns beside the money need at least, and what the path needs, in rem with the gaps. */
const BESIDE_MONEY = 28.5;
const PATH = 6;

/** Below this, in rem, what was earned stands in the drawer only. */
const EARNED = 38;

/** What a figure needs, in rem. */
const FIGURE = 0.52;

/** What lies between the figures of the last days, in rem. */
const LATELY_GAPS = 4;

function sum(widths: readonly number[]): number {
  return widths.reduce((all, width) => all + width, 0);
}

function columnsWith(widths: string, room: number) {
  const needed = widths.split(" ").map((letters) => Number(letters) * FIGURE);
  const money = sum(needed.slice(0, 3));
  const lately = sum(needed.slice(3)) + LATELY_GAPS;
  const all = everyColumn(widths);
  return all.filter(({ name }) => {
    switch (name) {
      case "endpoints.path":
        return room >= BESIDE_MONEY + PATH + money;
      case "endpoints.today":
      case "endpoints.week":
      case "endpoints.month":
        return room >= BESIDE_MONEY + PATH + money + lately;
      case "endpoints.settled":
      case "endpoints.pending":
        return room >= EARNED;
      default:
        return true;
    }
  });
}

function everyColumn(widths: string): Column<EndpointView>[] {
  const [price = "", settled = "", pending = "", today = "", week = "", month = ""] = widths
    .split(" ")
    .map((letters) => `${letters}ch`);
  return [
    {
      name: "endpoints.title",
      header: m.endpoints_name,
      width: "minmax(5.75rem, 2fr)",
      cell: ({ content, title }) => (
        <span className="flex min-w-0 items-center gap-2">
          <ContentIcon content={content} />
          <bdi className="truncate font-medium" title={title}>
            {title}
          </bdi>
        </span>
      ),
    },
    {
      name: "endpoints.path",
      header: m.endpoints_path,
      width: "minmax(5rem, 1fr)",
      cell: ({ path }) => (
        <span title={path} className="text-text-2">
          {path}
        </span>
      ),
    },
    {
      name: "endpoints.price",
      header: m.endpoints_price,
      width: price,
      align: "right",
      cell: ({ formatted }) => <Money value={formatted} />,
    },
    {
      name: "endpoints.state",
      header: m.endpoints_state,
      width: "7rem",
      cell: (endpoint) => <EndpointState endpoint={endpoint} />,
    },
    {
      name: "endpoints.sales",
      header: m.endpoints_sales,
      width: "3.5rem",
      align: "right",
      cell: ({ sales }) => formatCount(sales),
    },
    {
      name: "endpoints.settled",
      header: m.endpoints_settled,
      width: settled,
      align: "right",
      cell: (endpoint) => <Money value={endpoint.settled.formatted} />,
    },
    {
      name: "endpoints.pending",
      header: m.endpoints_pending,
      width: pending,
      align: "right",
      cell: (endpoint) => <Money value={endpoint.pending.formatted} className="text-text-2" />,
    },
    {
      name: "endpoints.today",
      header: () => <span title={m.endpoints_today_settled()}>{m.endpoints_settled_today()}</span>,
      width: today,
      align: "right",
      cell: ({ settledToday }) => <Money value={settledToday.formatted} />,
    },
    {
      name: "endpoints.week",
      header: () => <span title={m.endpoints_week_settled()}>{m.endpoints_settled_week()}</span>,
      width: week,
      align: "right",
      cell: ({ settledWeek }) => <Money value={settledWeek.formatted} />,
    },
    {
      name: "endpoints.month",
      header: () => <span title={m.endpoints_month_settled()}>{m.endpoints_settled_month()}</span>,
      width: month,
      align: "right",
      cell: ({ settledMonth }) => <Money value={settledMonth.formatted} />,
    },
    {
      name: "endpoints.link",
      header: () => <span className="sr-only">{m.endpoints_link()}</span>,
      width: "1.5rem",
      align: "right",
      cell: ({ url, title }) =>
        url !== null && (
          <CopyButton
            // Its row may come to show another endpoint, whose link was not copied.
            key={url}
            text={url}
            what={m.endpoints_link_of({ title: named(title) })}
            className="align-middle opacity-0 focus-visible:opacity-100 in-[tr:focus-within]:opacity-100 in-[tr:hover]:opacity-100"
          />
        ),
    },
  ];
}
