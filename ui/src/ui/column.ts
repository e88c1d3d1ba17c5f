import type { ReactNode } from "react";

/** A column of a kind of row. Keep the array of them while nothing changed: new ones draw every row anew. */
export interface Column<Row> {
  /** Tells it from the other columns; under this its width is remembered, where that can be changed. */
  name: string;
  header(): ReactNode;
  cell(row: Row): ReactNode;
  /** A track of CSS grid, such as `8rem` or `minmax(10rem, 1fr)`. */
  width: string;
  /** Figures stand at the right, so that their places line up. */
  align?: "right";
}

/** The tracks of a row, and how narrow the table may become before it scrolls sideways. */
export function layOut(widths: readonly string[]): { tracks: string; least: string } {
  const narrowest = widths.map((width) => /^minmax\(([^,]+),/.exec(width)?.[1] ?? width);
  // Between the columns and at both ends there is room too; of the last, the table's border may take a little.
  return {
    tracks: widths.join(" "),
    least: `calc(${[...narrowest, `${widths.length + 0.25}rem`].join(" + ")})`,
  };
}
