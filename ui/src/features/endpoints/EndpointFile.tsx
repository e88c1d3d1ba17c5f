import type { EndpointView } from "../../api/generated/EndpointView";
import type { FileView } from "../../api/generated/FileView";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { formatCount } from "../../lib/money";
import { Address } from "../../ui/Address";
import { CopyButton } from "../../ui/CopyButton";
import { Facts } from "./Facts";
import { fileWord } from "./words";

/** The file that is delivered. */
export function EndpointFile({ file, fileState }: { file: FileView; fileState: EndpointView["fileState"] }) {
  const size = formatBytes(file.bytes);
  const exact = file.bytes < 1000;
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          [m.endpoints_file_name(), <bdi key="name">{file.name}</bdi>],
          [
            m.endpoints_file_place(),
            <span key="place" className="flex items-start gap-1">
              <bdi className="min-w-0 break-all">{file.path}</bdi>
              <CopyButton text={file.path} what={m.endpoints_file_place_what()} />
            </span>,
          ],
          [
            m.endpoints_file_size(),
            exact ? size : `${size} (${m.endpoints_bytes({ count: formatCount(file.bytes) })})`,
          ],
          [m.endpoints_file_type(), file.mediaType],
          [
            m.endpoints_file_hash(),
            <Address key="hash" value={file.sha256} what={m.endpoints_file_hash_what()} full />,
          ],
          [m.endpoints_file_state(), fileWord(fileState)],
        ]}
      />
      <p className="text-caption text-text-2">{m.endpoints_file_note()}</p>
    </div>
  );
}
