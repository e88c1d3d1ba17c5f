import { Eye, Trash2 } from "lucide-react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { useEndpointPreview } from "../../api/queries";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { messageOf } from "../../lib/message";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { IconButton } from "../../ui/IconButton";
import { notify } from "../../ui/toast";
import { FileIcon } from "./FileIcon";
import { named } from "./words";

/** A file that everybody may see before they pay, such as the first pages. */
export function Preview({ endpoint: { id, title, url, preview, state } }: { endpoint: EndpointView }) {
  const platform = usePlatform();
  const { mutateAsync, isPending } = useEndpointPreview();
  const set = async (file: string | undefined, undo: (() => void) | null) => {
    try {
      await mutateAsync({ endpoint: id, ...(file !== undefined && { file }) });
      notify({
        title:
          file === undefined
            ? m.endpoints_preview_none({ title: named(title) })
            : m.endpoints_preview_set({ title: named(title) }),
        tone: "neutral",
        ...(undo !== null && { action: { label: m.ui_undo(), run: undo } }),
      });
    } catch (reason) {
      const description = messageOf(reason);
      notify({ title: m.endpoints_preview_failed(), description, tone: "failed" });
    }
  };
  const before = preview?.path;
  const change = (file: string | undefined) => set(file, () => void set(before, null));
  const choose = async () => {
    try {
      const chosen = await platform.pickFile();
      if (chosen !== null) {
        await change(chosen);
      }
    } catch (reason) {
      notify({ title: m.endpoints_pick_failed(), description: messageOf(reason), tone: "failed" });
    }
  };
  if (state === "removed") {
    return null;
  }
  return (
    <section className="flex flex-col gap-2 border-t pt-4">
      <h3 className="font-medium">{m.endpoints_preview()}</h3>
      <p className="text-caption text-text-2">{m.endpoints_preview_text()}</p>
      {preview !== null && (
        <div className="flex items-center gap-2 rounded-control border px-3 py-2">
          <FileIcon mediaType={preview.mediaType} />
          <bdi title={preview.path} className="min-w-0 flex-1 truncate">
            {preview.name}
          </bdi>
          <span className="text-text-2 tabular-nums">{formatBytes(preview.bytes)}</span>
          {url !== null && <CopyButton text={`${url}?preview`} what={m.endpoints_preview_link()} />}
          <IconButton
            icon={Trash2}
            size="sm"
            label={m.endpoints_preview_remove()}
            onClick={() => void change(undefined)}
          />
        </div>
      )}
      <Button icon={Eye} className="self-start" loading={isPending} onClick={() => void choose()}>
        {preview === null ? m.endpoints_preview_choose() : m.endpoints_preview_other()}
      </Button>
    </section>
  );
}
