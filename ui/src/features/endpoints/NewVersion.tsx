import { FileUp, RotateCw } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { useEndpointPublishAgain } from "../../api/queries";
import { m } from "../../i18n/messages";
import { messageOf } from "../../lib/message";
import { Button } from "../../ui/Button";
import { notify } from "../../ui/toast";
import { named } from "./words";

/** Sells what is in the place of a file or a folder now, or what is somewhere else, under the same link. */
export function NewVersion({ endpoint }: { endpoint: EndpointView }) {
  const { id, title, content, fileState, state } = endpoint;
  const platform = usePlatform();
  const { mutateAsync, isPending } = useEndpointPublishAgain();
  const [isChoosing, setChoosing] = useState(false);
  if (state === "removed") {
    return null;
  }
  const name = { title: named(title) };
  const publish = async (from?: string) => {
    try {
      await mutateAsync({ endpoint: id, ...(from !== undefined && { from }) });
      notify({ title: m.endpoints_was_published(name), tone: "settled" });
    } catch (reason) {
      const description = messageOf(reason);
      notify({ title: m.endpoints_version_failed(name), description, tone: "failed" });
    }
  };
  const choose = async () => {
    setChoosing(true);
    try {
      const chosen = await (content.kind === "folder" ? platform.pickFolder() : platform.pickFile());
      if (chosen !== null) {
        await publish(chosen);
      }
    } catch (reason) {
      notify({ title: m.endpoints_pick_failed(), description: messageOf(reason), tone: "failed" });
    } finally {
      setChoosing(false);
    }
  };
  return (
    <div className="flex flex-wrap gap-2">
      <p className="w-full text-caption text-text-2">{m.endpoints_version_note()}</p>
      {fileState === "changed" && (
        <Button
          variant="primary"
          icon={RotateCw}
          loading={isPending && !isChoosing}
          onClick={() => void publish()}
        >
          {m.endpoints_version_publish()}
        </Button>
      )}
      <Button icon={FileUp} loading={isChoosing} onClick={() => void choose()}>
        {fileState === "missing" ? m.endpoints_version_locate() : m.endpoints_version_choose()}
      </Button>
    </div>
  );
}
