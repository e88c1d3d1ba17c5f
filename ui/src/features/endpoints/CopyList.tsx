import type { CopyChange } from "../../api/generated/CopyChange";
import type { EndpointCopyView } from "../../api/generated/EndpointCopyView";
import { m } from "../../i18n/messages";
import { Badge } from "../../ui/Badge";

const CHANGES: Record<CopyChange, () => string> = {
  new: m.data_copy_new,
  changed: m.data_copy_changed,
  same: m.data_copy_same,
  refused: m.data_copy_refused,
};

interface Props {
  items: readonly EndpointCopyView[];
  /** The ids of those that stay behind. */
  left: ReadonlySet<string>;
  onChoose(id: string, isChosen: boolean): void;
}

/** What copying endpoints into another environment would change there, each to be left out. */
export function CopyList({ items, left, onChoose }: Props) {
  if (items.length === 0) {
    return <p className="text-text-2">{m.data_copy_none()}</p>;
  }
  return (
    <ul className="max-h-80 divide-y overflow-auto rounded-control border">
      {items.map(({ id, title, path, change, why }) => {
        const canGo = change === "new" || change === "changed";
        return (
          <li key={id} className="flex items-center gap-3 px-3 py-2">
            <input
              type="checkbox"
              aria-label={m.data_copy_choose({ title })}
              checked={canGo && !left.has(id)}
              disabled={!canGo}
              onChange={(event) => onChoose(id, event.target.checked)}
              className="size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{title}</span>
              <span className="block truncate text-caption text-text-2">{why ?? path}</span>
            </span>
            <Badge tone={change === "refused" ? "failed" : "neutral"}>{CHANGES[change]()}</Badge>
          </li>
        );
      })}
    </ul>
  );
}
