import type { ReactNode } from "react";

/** A part of the drawer under its own heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t py-4 first:border-t-0 first:pt-0">
      <h3 className="mb-2 text-caption font-medium text-text-2">{title}</h3>
      {children}
    </section>
  );
}
