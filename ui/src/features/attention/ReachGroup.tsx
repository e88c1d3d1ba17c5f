import { Link } from "@tanstack/react-router";
import { GlobeOff } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { useReachCheck } from "../../api/reach";
import { m } from "../../i18n/messages";
import { Button, buttonLook } from "../../ui/Button";
import { notify } from "../../ui/toast";
import { Group } from "./Group";

/** Buyers outside do not reach the stall, although they should. */
export function ReachGroup({ item }: { item: AttentionView }) {
  const { mutate, isPending } = useReachCheck();
  const check = () =>
    mutate(null, {
      onSuccess: ({ state, sentence }) =>
        notify({
          title: state === "online" ? m.attention_reach_found() : m.attention_reach_missed(),
          description: sentence,
          ...(state !== "online" && { tone: "failed" }),
        }),
      onError: ({ message }) =>
        notify({ title: m.attention_reach_missed(), description: message, tone: "failed" }),
    });
  return (
    <Group
      icon={GlobeOff}
      tone="failed"
      title={m.attention_reach()}
      advice={<p className="break-words">{item.sentence}</p>}
      actions={
        <>
          <Button size="sm" loading={isPending} onClick={check}>
            {m.attention_reach_check()}
          </Button>
          <Link to="/settings/reach" className={buttonLook({ size: "sm" })}>
            {m.attention_reach_settings()}
          </Link>
        </>
      }
    />
  );
}
