import { Folder } from "lucide-react";
import type { InspectedFileView } from "../../api/generated/InspectedFileView";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { formatCount } from "../../lib/money";
import { FileIcon } from "./FileIcon";

/** What was found on this computer and is about to be priced. */
export function Found({ found: { folder, mediaType, path, name, bytes } }: { found: InspectedFileView }) {
  return (
    <div className="flex items-center gap-3 rounded-control border bg-surface-2 px-3 py-2">
      {folder === null ? (
        <FileIcon mediaType={mediaType} />
      ) : (
        <Folder aria-hidden className="size-4 shrink-0 text-text-2" strokeWidth={1.5} />
      )}
      <bdi title={path} className="min-w-0 flex-1 truncate font-medium">
        {name}
      </bdi>
      <span className="shrink-0 text-text-2 tabular-nums">
        {folder !== null &&
          `${m.endpoints_files({ count: folder.files, shown: formatCount(folder.files) })} · `}
        {formatBytes(bytes)}
      </span>
    </div>
  );
}
