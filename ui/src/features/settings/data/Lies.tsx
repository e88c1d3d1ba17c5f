import { FolderOpen } from "lucide-react";
import type { DataFolderView } from "../../../api/generated/DataFolderView";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { formatBytes } from "../../../lib/bytes";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { CopyButton } from "../../../ui/CopyButton";
import { notify } from "../../../ui/toast";
import { Row, Section } from "../Section";
import { countsOf, wordsOf } from "./words";

/** Where everything lies, and how much it is. */
export function Lies({ data }: { data: DataFolderView }) {
  const platform = usePlatform();
  const open = () =>
    void platform
      .openData()
      .catch((reason: { message?: string }) =>
        notify({ title: m.data_open_folder_failed(), description: reason.message ?? "", tone: "failed" }),
      );
  const log = formatBytes(data.logBytes);
  return (
    <Section title={m.data_lies()} text={m.data_lies_text()}>
      <Row
        title={<span className="break-all">{data.folder}</span>}
        text={
          data.freeBytes === null
            ? m.data_free_unknown({ log })
            : m.data_free({ free: formatBytes(data.freeBytes), log })
        }
        control={
          <span className="flex gap-2">
            <CopyButton text={data.folder} what={m.data_folder_what()} />
            <Button size="sm" icon={FolderOpen} onClick={open}>
              {m.data_open_folder()}
            </Button>
          </span>
        }
      />
      {data.environments.map((held) => (
        <Row
          key={held.environment}
          title={wordsOf(held.environment).name()}
          text={
            held.problem === null
              ? m.data_holds({
                  ...countsOf(held),
                  database: formatBytes(held.databaseBytes),
                  other: formatBytes(held.otherBytes),
                })
              : m.data_unreadable({ database: formatBytes(held.databaseBytes) })
          }
          control={held.isOpen ? <Badge tone="neutral">{m.data_is_open()}</Badge> : undefined}
        >
          {held.problem !== null && <p className="mt-2 text-failed break-words">{held.problem}</p>}
        </Row>
      ))}
    </Section>
  );
}
