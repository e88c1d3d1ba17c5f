import { Fragment, type ReactNode } from "react";

/** Names and what they stand for, one below the other. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(8rem,auto)_1fr]">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="border-b py-2 pr-4 text-text-2">{name}</dt>
          <dd className="min-w-0 border-b py-2 break-words">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
