import { type MouseEvent, memo, type ReactNode, useState } from "react";
import { AttendedProvider } from "./attended";
import type { Column } from "./column";
import { RowTick } from "./RowTick";

/** How a row is laid out, and that of the headers above it. */
export const LINE = "grid items-center gap-4 px-3";

/** What can be done with a row. Keep them while nothing changed, or every row in sight is drawn anew. */
export interface RowActions<Row> {
  /** Somebody came to it. */
  onAttend(id: string): void;
  onOpen?: ((row: Row) => void) | undefined;
  onChoose?: ((row: Row, range: boolean) => void) | undefined;
}

interface Props<Row> {
  row: Row;
  id: string;
  columns: readonly Column<Row>[];
  tracks: string;
  /** Its number among all rows. */
  index: number;
  /** In pixels, as is the room above it. */
  height: number;
  gap: number;
  /** Whether Tab comes to it: one row of all is reached so. */
  isStop: boolean;
  /** Whether it is open beside the table. */
  isOpen: boolean;
  /** Whether it is chosen together with others; null where none can be. */
  isChosen: boolean | null;
  actions: RowActions<Row>;
}

/** A row of a table. Its address has buttons while the pointer is on it or the keyboard came to it last: a row in passing costs little. */
export const TableRow = memo(function TableRow<Row>({
  row,
  id,
  columns,
  tracks,
  index,
  height,
  gap,
  isStop,
  isOpen,
  isChosen,
  actions: { onAttend, onOpen, onChoose },
}: Props<Row>) {
  // The row that the element showed then: by now it may show another.
  const [underPointer, setUnderPointer] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const click = (event: MouseEvent) => {
    if (!(event.target as HTMLElement).closest("a, button, input, label, [role=menuitem]")) {
      onAttend(id);
      onOpen?.(row);
    }
  };
  const focus = () => {
    setFocused(id);
    onAttend(id);
  };
  return (
    <tr
      data-row={id}
      aria-rowindex={index + 2}
      aria-selected={onOpen === undefined ? undefined : isOpen}
      tabIndex={isStop ? 0 : -1}
      onMouseMove={() => setUnderPointer(id)}
      onMouseLeave={() => setUnderPointer(null)}
      onFocus={focus}
      onClick={click}
      className={isOpen ? OPEN : CLOSED}
      style={{ gridTemplateColumns: tracks, height, marginTop: gap }}
    >
      {isChosen !== null && (
        <td>
          <RowTick checked={isChosen} reached={isStop} onChange={(range) => onChoose?.(row, range)} />
        </td>
      )}
      {/* The focus may come back to a button from a dialog: those of the row that Tab leads to stay. */}
      <AttendedProvider value={underPointer === id || (isStop && focused === id)}>
        <Cells row={row} columns={columns} />
      </AttendedProvider>
    </tr>
  );
}) as <Row>(props: Props<Row>) => ReactNode;

const ROW = `${LINE} border-b contain-strict outline-offset-[-2px]`;
const CLOSED = `${ROW} hover:bg-surface-2`;
const OPEN = `${ROW} bg-accent-soft`;

const WORDS = "min-w-0 truncate";
const FIGURE = `${WORDS} text-right tabular-nums`;

interface CellsProps<Row> {
  row: Row;
  columns: readonly Column<Row>[];
}

/** What a row shows. While the row itself did not change, neither does it, wherever the row moves to. */
const Cells = memo(function Cells<Row>({ row, columns }: CellsProps<Row>) {
  return columns.map(({ name, cell, align }) => (
    <td key={name} className={align === "right" ? FIGURE : WORDS}>
      {cell(row)}
    </td>
  ));
}) as <Row>(props: CellsProps<Row>) => ReactNode;
