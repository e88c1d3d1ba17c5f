import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** What this part is about. */
  text: string;
  /** What a link that leads here ends in; whoever follows it goes on from the title. */
  anchor?: string;
  children: ReactNode;
}

/** One part of the settings: what it is about, and beside it what can be set. */
export function Section({ title, text, anchor, children }: Props) {
  const titleId = useId();
  return (
    <section
      id={anchor}
      aria-labelledby={titleId}
      className="flex scroll-mt-5 flex-wrap items-start gap-x-8 gap-y-3 border-b pb-8 last:border-b-0"
    >
      <div className="min-w-0 flex-[1_1_15rem]">
        <h2
          id={titleId}
          tabIndex={anchor === undefined ? undefined : -1}
          className="w-fit rounded-control text-section"
        >
          {title}
        </h2>
        <p className="mt-1 text-text-2">{text}</p>
      </div>
      <div className="min-w-0 flex-[999_1_28rem] divide-y rounded-card border bg-surface">{children}</div>
    </section>
  );
}

interface RowProps {
  title?: ReactNode;
  text?: ReactNode;
  /** What sets it, on the right. */
  control?: ReactNode;
  children?: ReactNode;
}

/** One line of a part. */
export function Row({ title, text, control, children }: RowProps) {
  return (
    <div className="px-4 py-3">
      {(title !== undefined || control !== undefined) && (
        <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <div className="min-w-0 flex-1 basis-52">
            {title !== undefined && <div className="font-medium">{title}</div>}
            {text !== undefined && <div className="text-caption text-text-2">{text}</div>}
          </div>
          {control}
        </div>
      )}
      {children}
    </div>
  );
}
