import { FileWarning } from "lucide-react";
import type { AttentionView } from "../../api/generated/AttentionView";
import { useEndpointPublishAgain } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { notify } from "../../ui/toast";
import { Group } from "./Group";

/** A file that is not what was published, so that nobody can buy it. */
export function FileGroup({ item }: { item: AttentionView }) {
  const { mutate, isPending } = useEndpointPublishAgain();
  const { endpoint } = item;
  const publish = () => {
    if (endpoint === null) {
      return;
    }
    mutate(
      { endpoint },
      {
        onSuccess: () => notify({ title: m.attention_file_done({ path: endpoint }) }),
        onError: ({ message }) =>
          notify({ title: m.attention_file_failed(), description: message, tone: "failed" }),
      },
    );
  };
  return (
    <Group
      icon={FileWarning}
      tone="failed"
      title={m.attention_file()}
      advice={<p className="break-words">{item.sentence}</p>}
      actions={
        item.action === "publish_again" ? (
          <Button size="sm" loading={isPending} onClick={publish}>
            {m.attention_file_publish()}
          </Button>
        ) : undefined
      }
    />
  );
}
