import { BadgeCheck, CircleHelp } from "lucide-react";
import type { PayoutView } from "../../../api/generated/PayoutView";
import { m } from "../../../i18n/messages";
import { absoluteTime } from "../../../lib/time";
import { Badge } from "../../../ui/Badge";

/** Whether a payout address is known to be the seller's own. */
export function VerifiedBadge({ payout: { verified, verifiedAt } }: { payout: PayoutView }) {
  return verified ? (
    <span title={verifiedAt === null ? undefined : absoluteTime(verifiedAt, true)} className="inline-flex">
      <Badge tone="settled" icon={BadgeCheck}>
        {m.settings_verify_yes()}
      </Badge>
    </span>
  ) : (
    <Badge tone="neutral" icon={CircleHelp}>
      {m.settings_verify_no()}
    </Badge>
  );
}
