import { Link } from "@tanstack/react-router";
import { Gauge } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { m } from "../../i18n/paraglide/messages";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

/** A cap that is used up, so that buyers are refused until something settles. */
export function CapGroup({ item }: { item: AttentionView }) {
  return (
    <Group
      icon={Gauge}
      tone="failed"
      title={m.attention_cap()}
      advice={<p className="break-words">{item.sentence}</p>}
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
