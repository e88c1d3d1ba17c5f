import { FileSpreadsheet } from "lucide-react";
import { useDataExport } from "../../../api/data";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { messageOf } from "../../../lib/message";
import { formatCount } from "../../../lib/money";
import { Button } from "../../../ui/Button";
import { Refusal } from "../../../ui/Refusal";
import { notify } from "../../../ui/toast";
import { Row, Section } from "../Section";

/** All the books at once. */
export function Books() {
  const platform = usePlatform();
  const { mutate, isPending, error } = useDataExport();
  const write = async () => {
    try {
      const folder = await platform.pickFolder();
      if (folder !== null) {
        mutate(
          { folder },
          {
            onSuccess: ({ items }) =>
              notify({
                title: m.data_books_done({ count: items.length, number: formatCount(items.length) }),
                description: folder,
                tone: "settled",
              }),
          },
        );
      }
    } catch (reason) {
      notify({ title: m.endpoints_pick_folder_failed(), description: messageOf(reason), tone: "failed" });
    }
  };
  return (
    <Section title={m.data_books()} text={m.data_books_text()}>
      <Row>
        <Button icon={FileSpreadsheet} loading={isPending} onClick={() => void write()}>
          {m.data_books_do()}
        </Button>
        {error !== null && <Refusal title={m.data_books_failed()} error={error} />}
      </Row>
    </Section>
  );
}
