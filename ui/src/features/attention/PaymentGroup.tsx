import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive, OctagonX } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { AttentionView } from "../../api/generated/AttentionView";
import type { FailureView } from "../../api/generated/FailureView";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { Button, buttonLook } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { FailureList } from "./FailureList";
import { Group } from "./Group";
import { PracticeHelp } from "./PracticeHelp";
import { WriteOffDialog } from "./WriteOffDialog";

interface Props {
  item: AttentionView;
  /** The network's name, where there are several. */
  network: string | undefined;
  actions(failure: FailureView): ReactNode;
  forAll(failures: readonly FailureView[]): ReactNode;
  /** The payments were written off, and the group is about to go. */
  onClosed(): void;
}

/** Payments that were not settled for one reason. */
export function PaymentGroup({ item, network, actions, forAll, onClosed }: Props) {
  const [isAsking, setAsking] = useState(false);
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const states = statesOf(item.reason);
  const canGive = status?.environment === "practice" && item.reason === "underfunded";
  return (
    <Group
      icon={OctagonX}
      tone="failed"
      title={item.sentence}
      advice={advice(item.reason)}
      aside={
        <div className="text-right">
          {item.amount !== null && <Money value={item.amount.formatted} className="text-section" />}
          <div className="text-caption text-text-2">
            {m.attention_payments({ count: item.payments, number: formatCount(item.payments) })}
          </div>
          {network !== undefined && <div className="text-caption text-text-2">{network}</div>}
        </div>
      }
      actions={
        <>
          <Link to="/payments" search={{ states }} className={buttonLook({ size: "sm" })}>
            {states.includes("failed") ? m.attention_show_all() : m.attention_show()}
          </Link>
          {item.action === "write_off" && (
            <>
              <Button size="sm" variant="danger" icon={Archive} onClick={() => setAsking(true)}>
                {item.payments > 1 ? m.attention_write_off_all() : m.attention_write_off_ask()}
              </Button>
              <WriteOffDialog item={item} open={isAsking} onOpenChange={setAsking} onClosed={onClosed} />
            </>
          )}
        </>
      }
    >
      <FailureList
        reason={item.reason}
        network={item.network}
        payments={item.payments}
        actions={(failure) => (
          <>
            {canGive && failure.actions.includes("retry_now") && <PracticeHelp failure={failure} />}
            {actions(failure)}
          </>
        )}
        forAll={forAll}
      />
    </Group>
  );
}

/** The list of payments can be narrowed to states: a reason that is none is one of those that failed. */
function statesOf(reason: string): string[] {
  return ["expired", "cancelled", "diverted"].includes(reason) ? [reason] : ["failed"];
}

function advice(reason: string): string {
  switch (reason) {
    case "expired":
      return m.attention_do_expired();
    case "underfunded":
      return m.attention_do_underfunded();
    case "blocked":
      return m.attention_do_blocked();
    case "cancelled":
    case "diverted":
    case "nonce_used":
      return m.attention_do_lost();
    default:
      return m.attention_do_refused();
  }
}
