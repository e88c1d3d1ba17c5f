import { Link } from "@tanstack/react-router";
import type { StatusView } from "../../api/generated/StatusView";
import { m } from "../../i18n/messages";
import { Address } from "../../ui/Address";
import { buttonLook } from "../../ui/Button";

/** Where the money goes, and what Stallkeeper can and cannot do with it. */
export function MoneyStep({ status: { environment, networks } }: { status: StatusView }) {
  const known = networks.filter(({ payTo }) => payTo !== null);
  const isPractice = environment === "practice";
  return (
    <>
      <p>
        {m.welcome_hello()} {m.welcome_money_text()}
      </p>
      {known.length > 0 && (
        <dl className="flex flex-col divide-y rounded-control border">
          {known.map(({ network, title, payTo }) => (
            <div key={network} className="flex flex-col gap-1 px-3 py-2.5">
              <dt className="font-medium">{title}</dt>
              <dd>
                <Address value={payTo ?? ""} what={m.welcome_money_what()} full />
                {/* Nobody has the key of a practice address in a wallet of their own. */}
                {!isPractice && (
                  <span className="block text-caption text-text-2">
                    {m.welcome_money_end({ end: (payTo ?? "").slice(-6) })}
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {isPractice ? (
        <p className="rounded-control bg-test-soft px-3 py-2 text-test">
          {m.welcome_money_practice()} {m.welcome_money_practice_network()}
        </p>
      ) : (
        <Link
          to="/settings/networks"
          className={`${buttonLook({ variant: known.length === 0 ? "primary" : "secondary" })} self-start`}
        >
          {known.length === 0 ? m.welcome_money_set() : m.welcome_money_change()}
        </Link>
      )}
      <ul className="flex list-disc flex-col gap-1 pl-5 text-text-2">
        <li>{m.welcome_money_never()}</li>
        <li>{m.welcome_money_gas()}</li>
      </ul>
    </>
  );
}
