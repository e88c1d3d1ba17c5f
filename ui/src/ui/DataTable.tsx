import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { m } from "../i18n/messages";
import { ColumnEdge } from "./ColumnEdge";
import { cn } from "./cn";
import { type Column, layOut } from "./column";
import { preferences } from "./preferences";
import { useRowHeight } from "./row-height";
import { Skeleton } from "./Skeleton";
import { LINE, type RowActions, TableRow } from "./TableRow";
import { useCopy } from "./useCopy";
import { useKeysToRows } from "./useKeysToRows";
import { useSlots } from "./useSlots";
import { useSteadyScroll } from "./useSteadyScroll";

/** How many rows before the end the next page is asked for. */
const AHEAD = 20;

/** About so much stands above a table's rows, in pixels: as many as there is room for below that are drawn together with it. */
const ABOVE = 260;

export interface TableProps<Row> {
  /** What the rows are, for those who hear the table. */
  label: string;
  columns: readonly Column<Row>[];
  /** The rows that are known, in order. Keep the array while nothing changed. */
  rows: readonly Row[];
  rowId(row: Row): string;
  /** How many there are in truth, as far as it is known. */
  total?: number | undefined;
  /** Opens a row. Keep it while nothing changed, and what chooses one. */
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
export function DataTable<Row>({
  label,
  columns,
  rows,
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
  /** The row that had the focus last. */
  const focused = useRef<string | null>(null);
  const onAttend = useCallback((id: string) => {
    focused.current = id;
    setCurrent(id);
  }, []);

  const indexOf = useCallback(
    (id: string | null) => (id === null ? -1 : rows.findIndex((row) => rowId(row) === id)),
    [rows, rowId],
  );
  const stop = Math.max(
    0,
    useMemo(() => indexOf(current), [indexOf, current]),
  );

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialRect: { width: 0, height: Math.max(0, window.innerHeight - ABOVE) },
    overscan: 4,
    rangeExtractor: useCallback((range: Range) => drawn(range, stop), [stop]),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height makes the old measures wrong
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const top = rows[0];
  const unseen = useSteadyScroll({
    scroller,
    body,
    first: top === undefined ? undefined : rowId(top),
    indexOf,
    rowHeight,
    onNew,
  });

  const items = virtualizer.getVirtualItems();
  const drawnRows = items.flatMap((item, place) => {
    const row = rows[item.index];
    // Between the row of the keyboard and those in sight there may be others.
    const gap = item.start - (items[place - 1]?.end ?? item.start);
    return row === undefined ? [] : [{ row, id: rowId(row), index: item.index, height: item.size, gap }];
  });
  const slots = useSlots(
    drawnRows.map(({ id }) => id),
    focused,
  );
  const last = virtualizer.range?.endIndex ?? 0;

  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - AHEAD) {
      onMore?.();
    }
  }, [hasMore, loadingMore, last, rows.length, onMore]);

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
      const row = rows[index];
      if (row === undefined) {
        return;
      }
      setCurrent(rowId(row));
      wantsFocus.current = rowId(row);
      virtualizer.scrollToIndex(index, { align: "auto" });
      giveFocus();
    },
    [rows, rowId, virtualizer, giveFocus],
  );

  // A row that was scrolled to exists only after the next layout.
  useEffect(giveFocus);

  /** Goes to a row by a key: wherever the pointer was before, it is now seen where the keyboard is. */
  const goTo = (index: number) => {
    body.current?.toggleAttribute("data-by-keys", true);
    focusRow(Math.min(Math.max(index, 0), rows.length - 1));
  };
  useKeysToRows(() => {
    goTo(stop);
    // The page around it may be scrolled too.
    scroller.current?.scrollIntoView({ block: "nearest" });
  });

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
      focusRow(index >= 0 ? index : Math.min(wasAt.current, rows.length - 1));
      wasAt.current = -1;
    } else if (index >= 0) {
      // Led to from the open record and not by the pointer, the row shows on the way back that it has the keyboard.
      if (active !== focused.current) {
        body.current?.toggleAttribute("data-by-keys", true);
      }
      setCurrent(active);
      virtualizer.scrollToIndex(index, { align: "auto" });
    } else {
      wasAt.current = -1;
    }
  }, [active, rows.length, indexOf, focusRow, virtualizer]);

  const { copy } = useCopy();
  /** What X, space and C do to the row that has the focus; false where they do nothing. */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const row = rows[stop];
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
      End: rows.length - 1,
    }[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      goTo(goal);
    } else if (event.key === "Enter") {
      const row = rows[stop];
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
  const actions = useMemo(
    (): RowActions<Row> => ({ onAttend, onOpen, onChoose }),
    [onAttend, onOpen, onChoose],
  );
  const { tracks, least } = useMemo(
    () => layOut([...(hasTicks ? ["1rem"] : []), ...columns.map(({ width }) => width)]),
    [columns, hasTicks],
  );

  return (
    <div className="relative flex min-h-0 flex-1 flex-col overflow-hidden rounded-t-card border border-b-0 bg-surface">
      {unseen > 0 && <NewRows label={newLabel(unseen)} onShow={() => virtualizer.scrollToIndex(0)} />}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto [overflow-anchor:none]">
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are reached and opened by keys
          role="grid"
          aria-label={label}
          aria-rowcount={(total ?? (hasMore ? -2 : rows.length)) + 1}
          className="grid grid-cols-1"
          style={{ minWidth: least }}
          onKeyDown={press}
        >
          <thead className="sticky top-0 z-10 grid grid-cols-1 border-b bg-surface">
            <tr aria-rowindex={1} className={cn(LINE, "h-9")} style={{ gridTemplateColumns: tracks }}>
              {hasTicks && (
                <th scope="col">
                  <span className="sr-only">{m.ui_table_chosen()}</span>
                </th>
              )}
              {columns.map(({ name, header, align }) => (
                <th
                  key={name}
                  scope="col"
                  className={cn(
                    "relative min-w-0 text-caption font-medium text-text-2",
                    align === "right" ? "text-right" : "text-left",
                  )}
                >
                  <div className="truncate">{header()}</div>
                  {onWidth !== undefined && <ColumnEdge name={name} onWidth={onWidth} />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody
            ref={body}
            className="relative block"
            onPointerDown={({ currentTarget }) => currentTarget.toggleAttribute("data-by-keys", false)}
            // Room for the rows above keeps those in sight in their place, so that none of them has to be moved.
            style={{ height: virtualizer.getTotalSize(), paddingTop: items[0]?.start ?? 0 }}
          >
            {drawnRows.map(({ row, id, index, height, gap }) => (
              <TableRow
                key={slots.get(id)}
                row={row}
                id={id}
                columns={columns}
                tracks={tracks}
                index={index}
                height={height}
                gap={gap}
                isStop={index === stop}
                isOpen={id === active}
                isChosen={isChosen?.has(id) ?? null}
                actions={actions}
              />
            ))}
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
