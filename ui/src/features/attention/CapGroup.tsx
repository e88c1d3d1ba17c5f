import { Link } from "@tanstack/react-router";
import { Gauge } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { useNetwork } from "../../api/networks";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { buttonLook } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { Group } from "./Group";

/** A cap that is used up, so that buyers are refused until something settles. */
export function CapGroup({ item }: { item: AttentionView }) {
  const network = useNetwork(item.network)?.title ?? item.network;
  return (
    <Group
      icon={Gauge}
      tone="failed"
      title={m.attention_cap()}
      advice={advice(item, network)}
      aside={
        <div className="text-right">
          {item.amount !== null && <Money value={item.amount.formatted} className="text-section" />}
          <div className="text-caption text-text-2">
            {m.attention_payments({ count: item.payments, number: formatCount(item.payments) })}
          </div>
        </div>
      }
      actions={
        <>
          <Link to="/settlements" className={buttonLook({ size: "sm" })}>
            {m.attention_cap_settle()}
          </Link>
          <Link to="/settings" hash="exposure" className={buttonLook({ size: "sm" })}>
            {m.attention_cap_raise()}
          </Link>
        </>
      }
    />
  );
}

function advice({ reason, sentence }: AttentionView, network: string): string {
  switch (reason) {
    case "cap_total":
      return m.attention_cap_total();
    case "cap_network":
      return m.attention_cap_network({ network });
    case "cap_oldest":
      return m.attention_cap_oldest();
    default:
      return sentence;
  }
}
