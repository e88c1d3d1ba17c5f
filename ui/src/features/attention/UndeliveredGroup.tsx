import { Link } from "@tanstack/react-router";
import { Unplug } from "lucide-react";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

/** What was paid for and broke off on its way, and nobody has come for the rest. */
export function UndeliveredGroup({ count }: { count: number }) {
  return (
    <Group
      icon={Unplug}
      tone="warning"
      title={m.attention_undelivered()}
      advice={<p>{m.attention_undelivered_text()}</p>}
      aside={
        <div className="text-caption text-text-2">
          {m.attention_payments({ count, number: formatCount(count) })}
        </div>
      }
      actions={
        <Link to="/payments" search={{ delivery: "interrupted" }} className={buttonLook({ size: "sm" })}>
          {m.attention_undelivered_show()}
        </Link>
      }
    />
  );
}
