import type { InspectedFolderView } from "../../api/generated/InspectedFolderView";
import type { LeftOutReason } from "../../api/generated/LeftOutReason";
import { m } from "../../i18n/messages";
import type { SoldAs } from "./drafts";
import { RadioCards } from "./RadioCards";

interface Props {
  folder: InspectedFolderView;
  value: SoldAs;
  onValueChange(soldAs: SoldAs): void;
}

/** Whether a folder's files are sold one by one or together, and which are not sold at all. */
export function FolderChoice({ folder: { leftOut, leftOutCount }, value, onValueChange }: Props) {
  const more = leftOutCount - leftOut.length;
  return (
    <>
      {leftOutCount > 0 && (
        <details className="rounded-control border px-3 py-2">
          <summary>{m.endpoints_left_out({ count: leftOutCount })}</summary>
          <ul className="mt-2 flex max-h-40 flex-col gap-1 overflow-y-auto text-caption">
            {leftOut.map(({ name, reason }) => (
              <li key={name} className="flex flex-wrap justify-between gap-x-4">
                <bdi className="min-w-0 break-all">{name}</bdi>
                <span className="text-text-2">{reasonWord(reason)}</span>
              </li>
            ))}
            {more > 0 && <li className="text-text-2">{m.endpoints_drop_more({ count: more })}</li>}
          </ul>
        </details>
      )}
      <RadioCards
        label={m.endpoints_sold_as()}
        items={[
          { value: "files", word: m.endpoints_as_files(), text: m.endpoints_as_files_text() },
          { value: "archive", word: m.endpoints_as_archive(), text: m.endpoints_as_archive_text() },
        ]}
        value={value}
        onValueChange={onValueChange}
      />
    </>
  );
}

function reasonWord(reason: LeftOutReason): string {
  switch (reason) {
    case "hidden":
      return m.endpoints_left_hidden();
    case "looks_secret":
      return m.endpoints_left_secret();
    case "not_a_file":
      return m.endpoints_left_no_file();
    case "empty":
      return m.endpoints_left_empty();
    case "own_data":
      return m.endpoints_left_own();
  }
}
