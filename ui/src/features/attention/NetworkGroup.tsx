import { Link } from "@tanstack/react-router";
import { Hourglass, OctagonX, Unplug } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import type { StatusView } from "../../api/generated/StatusView";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

interface Props {
  item: AttentionView;
  status: StatusView | undefined;
}

/** A network that cannot be asked, or that cannot be settled on for now. */
export function NetworkGroup({ item, status }: Props) {
  const isPractice = status?.environment === "practice";
  if (item.action === "change_payout") {
    return (
      <Group
        icon={OctagonX}
        tone="failed"
        title={m.attention_payout()}
        advice={<p className="break-words">{item.sentence}</p>}
        actions={
          <Link to="/settings" className={buttonLook({ size: "sm" })}>
            {m.attention_node_settings()}
          </Link>
        }
      />
    );
  }
  if (item.action !== "check_node") {
    return (
      <Group
        icon={Hourglass}
        tone="neutral"
        title={m.attention_waits()}
        advice={
          <>
            <p>{item.sentence}</p>
            <p className="mt-1">{m.attention_waits_do()}</p>
          </>
        }
      />
    );
  }
  return (
    <Group
      icon={Unplug}
      tone="failed"
      title={m.attention_node()}
      advice={
        <>
          <p className="break-words">{item.sentence}</p>
          <p className="mt-1">
            {isPractice ? m.attention_node_do_practice() : m.attention_node_do()} {m.attention_node_safe()}
          </p>
        </>
      }
      actions={
        isPractice ? undefined : (
          <Link to="/settings" className={buttonLook({ size: "sm" })}>
            {m.attention_node_settings()}
          </Link>
        )
      }
    />
  );
}
