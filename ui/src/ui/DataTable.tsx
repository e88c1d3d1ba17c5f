import {
  type ColumnDef,
  createColumnHelper,
  FlexRender,
  type RowData,
  type Row as TableRow,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { m } from "../i18n/messages";
import { ColumnEdge } from "./ColumnEdge";
import { cn } from "./cn";
import { preferences } from "./preferences";
import { RowTick } from "./RowTick";
import { useRowHeight } from "./row-height";
import { Skeleton } from "./Skeleton";
import { useCopy } from "./useCopy";
import { useSteadyScroll } from "./useSteadyScroll";

/** How a column is laid out. */
interface ColumnLook {
  /** A track of CSS grid, such as `8rem` or `minmax(10rem, 1fr)`; by default an equal share. */
  width?: string;
  /** Figures stand at the right, so that their places line up. */
  align?: "left" | "right";
  /** Under which name its width is remembered, where it can be changed. */
  name?: string;
}

const features = tableFeatures({ columnMeta: {} as ColumnLook });

/** Describes the columns of a kind of row. Call it at module scope: columns that change rebuild the table. */
export function columnsOf<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>();
}

/** How many rows before the end the next page is asked for. */
const AHEAD = 20;

export interface TableProps<Row extends RowData> {
  /** What the rows are, for those who hear the table. */
  label: string;
  // biome-ignore lint/suspicious/noExplicitAny: columns of one table have values of many types
  columns: readonly ColumnDef<typeof features, Row, any>[];
  /** The rows that are known, in order. Keep the array while nothing changed. */
  rows: readonly Row[];
  rowId(row: Row): string;
  /** How many there are in truth, as far as it is known. */
  total?: number | undefined;
  /** Opens a row. */
  onOpen?: ((row: Row) => void) | undefined;
  /** The row that is open beside the table. When it closes, it gets the focus back. */
  active?: string | null;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: (() => void) | undefined;
  /** The rows that were chosen, by their ids, where several can be chosen together. */
  chosen?: ReadonlySet<string> | undefined;
  /** Chooses a row or no longer; with `range`, all from the one that was chosen last. Also by X. */
  onChoose?: ((row: Row, range: boolean) => void) | undefined;
  /** What of a row is copied by C. */
  mainValue?: ((row: Row) => string | null) | undefined;
  /** Hears how many rows came in at the top. */
  onNew?: ((count: number) => void) | undefined;
  /** What the button says that leads to rows that came in above what is read. */
  newLabel?: ((count: number) => string) | undefined;
  /** Hears how wide a column is to be, in rem; null for its usual width. */
  onWidth?: ((name: string, width: number | null) => void) | undefined;
}

/** Rows of which there may be very many: only those in sight exist. Keys: arrows, J, K, Home, End, Enter, X, C. */
export function DataTable<Row extends RowData>({
  label,
  columns,
  rows: data,
  rowId,
  total,
  onOpen,
  active = null,
  hasMore = false,
  loadingMore = false,
  onMore,
  chosen,
  onChoose,
  mainValue,
  onNew,
  newLabel = (count) => m.ui_table_new({ count }),
  onWidth,
}: TableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = useRowHeight();
  const [current, setCurrent] = useState<string | null>(null);
  const wantsFocus = useRef<string | null>(null);

  const indexOf = useCallback(
    (id: string | null) => (id === null ? -1 : data.findIndex((row) => rowId(row) === id)),
    [data, rowId],
  );
  const stop = Math.max(
    0,
    useMemo(() => indexOf(current), [indexOf, current]),
  );

  const virtualizer = useVirtualizer({
    count: data.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    rangeExtractor: useCallback((range: Range) => drawn(range, stop), [stop]),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height makes the old measures wrong
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const top = data[0];
  const unseen = useSteadyScroll({
    scroller,
    body,
    first: top === undefined ? undefined : rowId(top),
    indexOf,
    rowHeight,
    onNew,
  });

  const items = virtualizer.getVirtualItems();
  // The table knows only the rows that are drawn: what a new row costs must not grow with all that are known.
  const near = useMemo(
    () => items.map(({ index }) => data[index]).filter((row) => row !== undefined),
    [data, items],
  );
  const table = useTable({ features, columns, data: near, getRowId: rowId });
  const rows = table.getRowModel().rows;
  const last = virtualizer.range?.endIndex ?? 0;

  useEffect(() => {
    if (hasMore && !loadingMore && last >= data.length - AHEAD) {
      onMore?.();
    }
  }, [hasMore, loadingMore, last, data.length, onMore]);

  const giveFocus = useCallback(() => {
    if (wantsFocus.current === null) {
      return;
    }
    const row = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(wantsFocus.current)}"]`);
    if (row !== null && row !== undefined) {
      wantsFocus.current = null;
      row.focus({ preventScroll: true });
    }
  }, []);

  const focusRow = useCallback(
    (index: number) => {
      const row = data[index];
      if (row === undefined) {
        return;
      }
      setCurrent(rowId(row));
      wantsFocus.current = rowId(row);
      virtualizer.scrollToIndex(index, { align: "auto" });
      giveFocus();
    },
    [data, rowId, virtualizer, giveFocus],
  );

  // A row that was scrolled to exists only after the next layout.
  useEffect(giveFocus);

  const wasActive = useRef(active);
  const wasAt = useRef(-1);
  useEffect(() => {
    const before = wasActive.current;
    const index = indexOf(active ?? before);
    if (index >= 0) {
      wasAt.current = index;
    }
    if (active === before) {
      return;
    }
    wasActive.current = active;
    if (active === null) {
      // A record that left the list, such as one that was removed, leaves the focus to its neighbour.
      focusRow(index >= 0 ? index : Math.min(wasAt.current, data.length - 1));
      wasAt.current = -1;
    } else if (index >= 0) {
      setCurrent(active);
      virtualizer.scrollToIndex(index, { align: "auto" });
    } else {
      wasAt.current = -1;
    }
  }, [active, data.length, indexOf, focusRow, virtualizer]);

  const { copy } = useCopy();
  /** What X, space and C do to the row that has the focus; false where they do nothing. */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const row = data[stop];
    const isLetter = /^[xc]$/i.test(key);
    if (row === undefined || (isLetter && !preferences().letterKeys)) {
      return false;
    }
    if (onChoose !== undefined && (key === " " || /^x$/i.test(key))) {
      onChoose(row, shiftKey);
      return true;
    }
    const value = key === "c" ? mainValue?.(row) : null;
    if (typeof value === "string") {
      void copy(value);
    }
    return typeof value === "string";
  };
  const press = (event: KeyboardEvent<HTMLTableElement>) => {
    const fromRow = (event.target as HTMLElement).dataset.row !== undefined;
    if (event.ctrlKey || event.metaKey || event.altKey || !fromRow) {
      return;
    }
    // Letters may be turned off; beside an open record they lead to the next record, which the drawer does.
    if (/^[jk]$/.test(event.key) && (active !== null || !preferences().letterKeys)) {
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const goal = {
      ArrowDown: stop + 1,
      j: stop + 1,
      ArrowUp: stop - 1,
      k: stop - 1,
      PageDown: stop + page,
      PageUp: stop - page,
      Home: 0,
      End: data.length - 1,
    }[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      focusRow(Math.min(Math.max(goal, 0), data.length - 1));
    } else if (event.key === "Enter") {
      const row = data[stop];
      if (row !== undefined && onOpen !== undefined) {
        event.preventDefault();
        onOpen(row);
      }
    } else if (act(event)) {
      event.preventDefault();
    }
  };

  const isChosen = chosen !== undefined && onChoose !== undefined ? chosen : null;
  const hasTicks = isChosen !== null;
  const { tracks, least } = useMemo(
    () => layOut([...(hasTicks ? ["1rem"] : []), ...columns.map((column) => column.meta?.width)]),
    [columns, hasTicks],
  );
  const line = "grid items-center gap-4 px-3";

  return (
    <div className="relative flex min-h-0 flex-1 flex-col overflow-hidden rounded-t-card border border-b-0 bg-surface">
      {unseen > 0 && <NewRows label={newLabel(unseen)} onShow={() => virtualizer.scrollToIndex(0)} />}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto [overflow-anchor:none]">
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are reached and opened by keys
          role="grid"
          aria-label={label}
          aria-rowcount={(total ?? (hasMore ? -2 : data.length)) + 1}
          className="grid grid-cols-1"
          style={{ minWidth: least }}
          onKeyDown={press}
        >
          <thead className="sticky top-0 z-10 grid grid-cols-1 border-b bg-surface">
            {table.getHeaderGroups().map((group) => (
              <tr
                key={group.id}
                aria-rowindex={1}
                className={cn(line, "h-9")}
                style={{ gridTemplateColumns: tracks }}
              >
                {hasTicks && (
                  <th scope="col">
                    <span className="sr-only">{m.ui_table_chosen()}</span>
                  </th>
                )}
                {group.headers.map((header) => (
                  <th
                    key={header.id}
                    scope="col"
                    className={cn(
                      "relative min-w-0 text-left text-caption font-medium text-text-2",
                      header.column.columnDef.meta?.align === "right" && "text-right",
                    )}
                  >
                    <div className="truncate">
                      <table.FlexRender header={header} />
                    </div>
                    {onWidth !== undefined && header.column.columnDef.meta?.name !== undefined && (
                      <ColumnEdge name={header.column.columnDef.meta.name} onWidth={onWidth} />
                    )}
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody
            ref={body}
            className="relative block"
            // Room for the rows above keeps those in sight in their place, so that none of them has to be moved.
            style={{ height: virtualizer.getTotalSize(), paddingTop: items[0]?.start ?? 0 }}
          >
            {items.map((item, place) => {
              const row = rows[place];
              const before = items[place - 1];
              if (row === undefined) {
                return null;
              }
              const open = row.id === active;
              return (
                <tr
                  key={row.id}
                  data-row={row.id}
                  aria-rowindex={item.index + 2}
                  aria-selected={onOpen === undefined ? undefined : open}
                  tabIndex={item.index === stop ? 0 : -1}
                  onFocus={() => setCurrent(row.id)}
                  onClick={(event) => {
                    if (!(event.target as HTMLElement).closest("a, button, input, label, [role=menuitem]")) {
                      setCurrent(row.id);
                      onOpen?.(row.original);
                    }
                  }}
                  className={cn(
                    line,
                    "border-b contain-strict outline-offset-[-2px] hover:bg-surface-2",
                    open && "bg-accent-soft hover:bg-accent-soft",
                  )}
                  style={{
                    gridTemplateColumns: tracks,
                    height: item.size,
                    // Between the row of the keyboard and those in sight there may be others.
                    marginTop: before === undefined ? 0 : item.start - before.end,
                  }}
                >
                  {isChosen !== null && (
                    <td>
                      <RowTick
                        checked={isChosen.has(row.id)}
                        reached={item.index === stop}
                        onChange={(range) => onChoose?.(row.original, range)}
                      />
                    </td>
                  )}
                  <Cells row={row} columns={columns} />
                </tr>
              );
            })}
          </tbody>
        </table>
        {loadingMore && (
          <div className="flex h-9 items-center px-3">
            <Skeleton className="h-3 w-48" />
          </div>
        )}
      </div>
    </div>
  );
}

/** The places of the rows in sight, and of the one that the keyboard is on or comes to, wherever that is. */
function drawn(range: Range, stop: number): number[] {
  const places = defaultRangeExtractor(range);
  return places.includes(stop) || stop >= range.count ? places : [...places, stop].sort((a, b) => a - b);
}

interface CellsProps<Row extends RowData> {
  row: TableRow<typeof features, Row>;
  columns: unknown;
}

/** What a row shows. While the row itself did not change, neither does it, wherever the row moves to. */
const Cells = memo(
  function Cells<Row extends RowData>({ row }: CellsProps<Row>) {
    return row.getAllCells().map((cell) => (
      <td
        key={cell.id}
        className={cn(
          "min-w-0 truncate",
          cell.column.columnDef.meta?.align === "right" && "text-right tabular-nums",
        )}
      >
        <FlexRender cell={cell} />
      </td>
    ));
  },
  (before, now) => before.row.original === now.row.original && before.columns === now.columns,
) as <Row extends RowData>(props: CellsProps<Row>) => ReactNode;

/** The tracks of a row, and how narrow the table may become before it scrolls sideways. */
function layOut(widths: readonly (string | undefined)[]): { tracks: string; least: string } {
  const all = widths.map((width) => width ?? "minmax(6rem, 1fr)");
  const narrowest = all.map((width) => /^minmax\(([^,]+),/.exec(width)?.[1] ?? width);
  // Between the columns and at both ends there is room too; of the last, the table's border may take a little.
  return { tracks: all.join(" "), least: `calc(${[...narrowest, `${all.length + 0.25}rem`].join(" + ")})` };
}

/** Tells of rows that came in above what is read, which stays where it is. */
function NewRows({ label, onShow }: { label: string; onShow(): void }) {
  return (
    <button
      type="button"
      onClick={onShow}
      className="absolute top-11 left-1/2 z-20 inline-flex min-h-7 -translate-x-1/2 items-center gap-1 rounded-full bg-accent px-3 text-caption font-medium text-on-accent shadow-overlay"
    >
      <ArrowUp aria-hidden className="size-3.5" strokeWidth={2} />
      {label}
    </button>
  );
}

/** What stands in the place of rows: nothing yet, or why there are none. */
export function TablePlace({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-t-card border border-b-0 bg-surface">
      {children}
    </div>
  );
}
