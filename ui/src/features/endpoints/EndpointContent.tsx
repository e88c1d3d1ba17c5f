import { Pencil } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import type { FolderView } from "../../api/generated/FolderView";
import type { ServiceView } from "../../api/generated/ServiceView";
import { m } from "../../i18n/messages";
import { formatBytes } from "../../lib/bytes";
import { formatCount } from "../../lib/money";
import { duration } from "../../lib/time";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { EditService } from "./EditService";
import { EndpointFile } from "./EndpointFile";
import { EndpointTextBody } from "./EndpointText";
import { Facts } from "./Facts";
import { FolderFiles } from "./FolderFiles";
import { FreeQuota } from "./FreeQuota";
import { NewVersion } from "./NewVersion";
import { Preview } from "./Preview";
import { TryService } from "./TryService";
import { Versions } from "./Versions";
import { fileWord } from "./words";

/** What is delivered, by its kind. */
export function EndpointContent({ endpoint }: { endpoint: EndpointView }) {
  const { content, fileState } = endpoint;
  switch (content.kind) {
    case "file":
      return (
        <div className="flex flex-col gap-4">
          <EndpointFile file={content} fileState={fileState} />
          <NewVersion endpoint={endpoint} />
          <Versions endpoint={endpoint} />
          <Preview endpoint={endpoint} />
        </div>
      );
    case "folder":
      return (
        <div className="flex flex-col gap-4">
          <Folder folder={content} fileState={fileState} />
          <FolderFiles endpoint={endpoint} />
          <NewVersion endpoint={endpoint} />
          <Versions endpoint={endpoint} />
          <Preview endpoint={endpoint} />
        </div>
      );
    case "text":
      return (
        <div className="flex flex-col gap-4">
          <EndpointTextBody endpoint={endpoint} text={content} />
          <Versions endpoint={endpoint} />
        </div>
      );
    case "service":
      return <Service endpoint={endpoint} service={content} />;
  }
}

function Folder({ folder, fileState }: { folder: FolderView; fileState: EndpointView["fileState"] }) {
  const isArchive = folder.soldAs === "archive";
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          [m.endpoints_sold_as(), isArchive ? m.endpoints_as_archive() : m.endpoints_as_files()],
          [
            m.endpoints_file_place(),
            <span key="place" className="flex items-start gap-1">
              <bdi className="min-w-0 break-all">{folder.path}</bdi>
              <CopyButton text={folder.path} what={m.endpoints_folder_place_what()} />
            </span>,
          ],
          [m.endpoints_folder_files(), formatCount(folder.files)],
          [m.endpoints_file_size(), formatBytes(folder.bytes)],
          [m.endpoints_file_state(), fileWord(fileState)],
        ]}
      />
      <p className="text-caption text-text-2">
        {isArchive ? m.endpoints_as_archive_text() : m.endpoints_as_files_text()} {m.endpoints_folder_note()}
      </p>
    </div>
  );
}

function Service({ endpoint, service }: { endpoint: EndpointView; service: ServiceView }) {
  const [isEditing, setEditing] = useState(false);
  const listed = (names: readonly string[]) =>
    names.length === 0 ? m.endpoints_service_none() : names.join(", ");
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          [
            m.endpoints_service_upstream(),
            <bdi key="upstream" className="break-all">
              {service.upstream}
            </bdi>,
          ],
          [
            m.endpoints_service_pattern(),
            <code key="pattern" className="font-mono text-caption">
              {service.pattern}
            </code>,
          ],
          [m.endpoints_service_methods(), listed(service.methods)],
          [m.endpoints_service_in(), listed(service.requestHeaders)],
          [m.endpoints_service_out(), listed(service.answerHeaders)],
          [m.endpoints_service_longest_in(), formatBytes(service.longestRequest)],
          [m.endpoints_service_longest_out(), formatBytes(service.longestAnswer)],
          [m.endpoints_service_patience(), duration(service.patienceSeconds * 1000)],
        ]}
      />
      <p className="text-caption text-text-2">
        {service.isRemote ? m.endpoints_service_remote() : m.endpoints_service_note()}
      </p>
      <TryService request={{ endpoint: endpoint.id }} />
      {endpoint.state !== "removed" && (
        <Button icon={Pencil} className="self-start" onClick={() => setEditing(true)}>
          {m.endpoints_service_change()}
        </Button>
      )}
      {endpoint.state !== "removed" && <FreeQuota endpoint={endpoint} />}
      <EditService endpoint={endpoint} service={service} open={isEditing} onOpenChange={setEditing} />
    </div>
  );
}
