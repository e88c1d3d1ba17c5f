import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import type { PayoutChangeView } from "../../api/generated/PayoutChangeView";
import { m } from "../../i18n/messages";
import { Address } from "../../ui/Address";
import { buttonLook } from "../../ui/Button";
import { TimeAgo } from "../../ui/TimeAgo";

/** Tells for a day that the money goes elsewhere now, in case it was not the seller who changed that. */
export function PayoutChanged({ changes }: { changes: readonly PayoutChangeView[] }) {
  return changes.map(({ network, title, from, to, at }) => (
    <section
      key={`${network} ${at}`}
      aria-label={m.home_payout_changed({ network: title })}
      className="flex flex-wrap items-start gap-x-4 gap-y-3 rounded-card border border-warning/40 bg-warning-soft p-4"
    >
      <ShieldAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-warning" strokeWidth={1.5} />
      <div className="min-w-0 flex-1 basis-80">
        <h2 className="text-form font-semibold text-warning">{m.home_payout_changed({ network: title })}</h2>
        <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-0.5">
          <dt className="text-text-2">{m.home_payout_to()}</dt>
          <dd>
            <Address full value={to} what={m.home_payout_to_what()} />
          </dd>
          <dt className="text-text-2">{m.home_payout_from()}</dt>
          <dd>
            <Address full value={from} what={m.home_payout_from_what()} />
          </dd>
          <dt className="text-text-2">{m.home_payout_at()}</dt>
          <dd>
            <TimeAgo at={at} />
          </dd>
        </dl>
        <p className="mt-1.5 text-text-2">{m.home_payout_text()}</p>
      </div>
      <Link to="/settings" hash="payout" className={buttonLook({ size: "sm" })}>
        {m.home_payout_look()}
      </Link>
    </section>
  ));
}
