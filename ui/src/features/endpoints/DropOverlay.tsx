import { FileDown } from "lucide-react";
import { createPortal } from "react-dom";
import { m } from "../../i18n/messages";
import { fileName } from "./queue";

/** How many files are named. */
const NAMED = 6;

/** Lies over the whole window while files are dragged across it, and says what letting go would do. */
export function DropOverlay({ files }: { files: readonly string[] }) {
  const more = files.length - NAMED;
  return createPortal(
    <div className="fixed inset-0 z-50 flex items-center justify-center bg-scrim p-6">
      <div className="flex w-[28rem] max-w-full flex-col items-center gap-3 rounded-card border-2 border-dashed border-accent bg-surface px-8 py-10 text-center shadow-overlay">
        <span className="inline-flex size-11 items-center justify-center rounded-full bg-accent-soft text-accent-text">
          <FileDown aria-hidden className="size-5" strokeWidth={1.5} />
        </span>
        <p className="text-title">{m.endpoints_drop_title()}</p>
        <ul className="flex w-full flex-col text-form text-text-2">
          {files.slice(0, NAMED).map((file) => (
            <li key={file} className="truncate">
              <bdi>{fileName(file)}</bdi>
            </li>
          ))}
          {more > 0 && <li>{m.endpoints_drop_more({ count: more })}</li>}
        </ul>
      </div>
    </div>,
    document.body,
  );
}
