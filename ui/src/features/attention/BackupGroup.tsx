import { Link } from "@tanstack/react-router";
import { Archive } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { m } from "../../i18n/messages";
import { buttonLook } from "../../ui/Button";
import { Group } from "./Group";

/** Backups that should be made by themselves are not. */
export function BackupGroup({ item }: { item: AttentionView }) {
  return (
    <Group
      icon={Archive}
      tone="warning"
      title={m.attention_backup()}
      advice={<p className="break-words">{item.sentence}</p>}
      actions={
        <Link to="/settings/backups" className={buttonLook({ size: "sm" })}>
          {m.attention_backup_open()}
        </Link>
      }
    />
  );
}
