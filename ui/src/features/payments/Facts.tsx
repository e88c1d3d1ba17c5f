import type { ReactNode } from "react";

/** A part of the drawer under its own heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t py-4">
      <h3 className="mb-2 text-caption font-medium text-text-2">{title}</h3>
      {children}
    </section>
  );
}

/** Names with what they stand for. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex flex-col gap-1">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-4">
      <dt className="w-20 shrink-0 text-text-2">{name}</dt>
      <dd className="min-w-0 flex-[1_1_14rem] break-words">{children}</dd>
    </div>
  );
}
