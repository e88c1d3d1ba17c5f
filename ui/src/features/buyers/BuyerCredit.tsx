import type { PayerDetailView } from "../../api/generated/PayerDetailView";
import { m } from "../../i18n/messages";
import { Meter } from "../../ui/Meter";
import { Money } from "../../ui/Money";
import { Section } from "./Section";

/** What the buyer has and has not paid for yet, against the cap of one buyer. */
export function BuyerCredit({ buyer: { exposure, standing } }: { buyer: PayerDetailView }) {
  const { cap, sharePercent, formatted, payments } = exposure;
  const paysFirst = standing === "instant_only" || standing === "blocked";
  return (
    <Section title={m.buyers_section_exposure()}>
      <p className="flex flex-wrap items-baseline gap-x-1.5">
        <Money value={formatted} className={payments === 0 ? "text-text-2" : "font-medium"} />
        {cap !== null && (
          <span className="text-text-2">
            {m.buyers_exposure_of()} <Money value={cap.formatted} />
          </span>
        )}
      </p>
      {cap !== null && sharePercent !== null ? (
        <Meter label={m.buyers_exposure_label()} percent={sharePercent} className="mt-2" />
      ) : (
        <p className="text-caption text-text-2">
          {paysFirst ? m.buyers_exposure_none() : m.buyers_exposure_uncapped()}
        </p>
      )}
    </Section>
  );
}
