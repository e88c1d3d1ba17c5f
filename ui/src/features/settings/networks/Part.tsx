import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** Beside the title, on the right. */
  aside?: ReactNode;
  /** What to know about it. */
  text?: ReactNode;
  children: ReactNode;
}

/** One part of a network's sheet. */
export function Part({ title, aside, text, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-b py-4 first:pt-0 last:border-b-0 last:pb-0">
      <header className="mb-2 flex min-h-7 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h3 id={id} className="text-form font-semibold">
          {title}
        </h3>
        {aside}
      </header>
      {text !== undefined && <p className="mb-3 text-text-2">{text}</p>}
      {children}
    </section>
  );
}
