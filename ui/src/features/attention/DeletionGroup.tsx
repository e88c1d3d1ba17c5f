import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

/** An environment that should have been deleted was not. */
export function DeletionGroup({ item }: { item: AttentionView }) {
  return (
    <Group
      icon={Trash2}
      tone="warning"
      title={m.attention_deletion()}
      advice={<p className="break-words">{item.sentence}</p>}
      actions={
        <Link to="/settings/data" className={buttonLook({ size: "sm" })}>
          {m.attention_deletion_open()}
        </Link>
      }
    />
  );
}
