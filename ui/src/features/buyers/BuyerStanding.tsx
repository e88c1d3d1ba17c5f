import { Link } from "@tanstack/react-router";
import type { PayerDetailView } from "../../api/generated/PayerDetailView";
import { m } from "../../i18n/messages";
import { TimeAgo } from "../../ui/TimeAgo";
import { Section } from "./Section";

/** How far the buyer is trusted, and how that came. */
export function BuyerStanding({ buyer }: { buyer: PayerDetailView }) {
  const { standingSentence, standingSince, standingPayment } = buyer;
  return (
    <Section title={m.buyers_section_standing()}>
      <p>{standingSentence}</p>
      {(standingSince !== null || standingPayment !== null) && (
        <p className="mt-1 flex flex-wrap gap-x-3 text-text-2">
          {standingSince !== null && (
            <span>
              {m.buyers_standing_since()} <TimeAgo at={Date.parse(standingSince)} absolute />
            </span>
          )}
          {standingPayment !== null && (
            <Link
              to="/payments/$payment"
              params={{ payment: standingPayment }}
              className="text-accent-text underline underline-offset-2"
            >
              {m.buyers_standing_payment()}
            </Link>
          )}
        </p>
      )}
    </Section>
  );
}
