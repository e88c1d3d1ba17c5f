import { Link } from "@tanstack/react-router";
import type { PayerExposureView } from "../../../api/generated/PayerExposureView";
import { m } from "../../../i18n/messages";
import { shorten } from "../../../lib/address";
import { Meter } from "../../../ui/Meter";
import { Money } from "../../../ui/Money";
import { StandingBadge } from "../../../ui/StandingBadge";

/** How many are shown here; the page of buyers has the rest. */
const SHOWN = 5;

/** Who has most that is not paid for yet. */
export function MostExposed({ payers }: { payers: readonly PayerExposureView[] }) {
  return (
    <>
      <ul className="flex flex-col gap-1.5">
        {payers.slice(0, SHOWN).map(({ payer, network, formatted, cap, sharePercent, standing }) => (
          <li
            key={`${payer} ${network}`}
            className="grid grid-cols-[8rem_minmax(4rem,1fr)_auto] items-center gap-x-4"
          >
            <Link
              to="/buyers/$buyer"
              params={{ buyer: payer }}
              title={payer}
              className="font-mono text-caption text-accent-text underline underline-offset-2"
            >
              {shorten(payer)}
            </Link>
            {standing !== "normal" ? (
              <span>
                <StandingBadge standing={standing} />
              </span>
            ) : sharePercent === null ? (
              <span />
            ) : (
              <Meter label={m.exposure_payer_share({ payer: shorten(payer) })} percent={sharePercent} />
            )}
            <span className="text-right">
              <Money value={formatted} className="font-medium" />
              {cap !== null && standing === "normal" && (
                <span className="text-text-2">
                  {" "}
                  {m.exposure_of()} <Money value={cap.formatted} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Link
        to="/buyers"
        search={{ show: "exposed" }}
        className="mt-2 inline-block text-accent-text underline underline-offset-2"
      >
        {m.exposure_all()}
      </Link>
    </>
  );
}
