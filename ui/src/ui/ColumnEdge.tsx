import { type PointerEvent, useRef } from "react";

/** How narrow and how wide a column can be made, in rem. */
const NARROWEST = 4;
const WIDEST = 40;

interface Props {
  /** The column, as it is remembered. */
  name: string;
  /** Hears how wide the column is to be, in rem; null for its usual width. */
  onWidth(name: string, width: number | null): void;
}

/** The edge of a column, which is pulled to make it wider. By keys its width is chosen beside its name, where columns are. */
export function ColumnEdge({ name, onWidth }: Props) {
  const grip = useRef({ from: 0, width: 0 });
  const take = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const column = event.currentTarget.parentElement?.getBoundingClientRect().width ?? 0;
    grip.current = { from: event.clientX, width: column };
  };
  const pull = (event: PointerEvent<HTMLSpanElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { from, width } = grip.current;
      onWidth(name, withinReason((width + event.clientX - from) / rem));
    }
  };
  return (
    <span
      aria-hidden
      data-column-edge={name}
      onPointerDown={take}
      onPointerMove={pull}
      onDoubleClick={() => onWidth(name, null)}
      className="absolute inset-y-0 -right-2 w-4 cursor-col-resize touch-none after:absolute after:inset-y-2 after:left-2 after:w-px after:bg-border hover:after:bg-accent"
    />
  );
}

/** A width that a column can have, in rem. */
export function withinReason(width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)) * 4) / 4;
}
