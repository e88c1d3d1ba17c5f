import { Popover } from "@base-ui/react/popover";
import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { m } from "../../i18n/messages";
import { Button, buttonLook } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { Field } from "../../ui/Field";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { listItemLook, listLook } from "../../ui/overlay";
import { prefer, preferences, type SavedView, usePreferences } from "../../ui/preferences";
import { notify } from "../../ui/toast";
import type { Narrowed } from "./filter";

interface Props {
  /** What narrows the list now. */
  narrowed: Narrowed;
  isFiltered: boolean;
  /** Narrows the list to what a view says, and to nothing else. */
  onShow(search: Narrowed): void;
}

/** Filters with a name: they are listed, shown at one press, and kept for the next start. */
export function SavedViews({ narrowed, isFiltered, onShow }: Props) {
  const { savedViews } = usePreferences();
  const [isOpen, setOpen] = useState(false);
  const remove = (view: SavedView) => {
    const before = preferences().savedViews;
    prefer({ savedViews: before.filter((other) => other !== view) });
    const undo = () => {
      const others = preferences().savedViews.filter(({ name }) => name !== view.name);
      prefer({ savedViews: others.toSpliced(before.indexOf(view), 0, view) });
    };
    notify({
      title: m.payments_view_removed({ name: view.name }),
      action: { label: m.ui_undo(), run: undo },
    });
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonLook({ size: "sm" })}>
        <Bookmark aria-hidden className="size-3.5" strokeWidth={1.5} />
        {m.payments_views()}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" className="z-50">
          <Popover.Popup aria-label={m.payments_views()} className={cn(listLook, "w-72 p-2")}>
            {savedViews.length > 0 && (
              <ul className="mb-2 flex flex-col border-b pb-2">
                {savedViews.map((view) => (
                  <li key={view.name} className="flex items-center gap-1">
                    <button
                      type="button"
                      className={cn(
                        listItemLook,
                        "min-w-0 flex-1 hover:bg-surface-2 focus-visible:bg-surface-2",
                      )}
                      onClick={() => {
                        setOpen(false);
                        onShow(view.search);
                      }}
                    >
                      <bdi className="truncate">{view.name}</bdi>
                    </button>
                    <IconButton
                      icon={Trash2}
                      size="sm"
                      label={m.payments_view_remove({ name: view.name })}
                      onClick={() => remove(view)}
                    />
                  </li>
                ))}
              </ul>
            )}
            {isFiltered ? (
              <Save narrowed={narrowed} onDone={() => setOpen(false)} />
            ) : (
              <p className="px-2 py-1 text-text-2">{m.payments_views_text()}</p>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** How long a view's name can be. */
const LONGEST = 60;

function Save({ narrowed, onDone }: { narrowed: Narrowed; onDone(): void }) {
  const [name, setName] = useState("");
  const save = (event: FormEvent) => {
    event.preventDefault();
    const called = name.trim();
    if (called !== "") {
      const others = preferences().savedViews.filter((other) => other.name !== called);
      prefer({ savedViews: [...others, { name: called, search: { ...narrowed } }] });
      notify({ title: m.payments_view_saved({ name: called }), tone: "settled" });
      onDone();
    }
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-2 p-1">
      <Field label={m.payments_view_name()}>
        <Input value={name} onValueChange={setName} maxLength={LONGEST} />
      </Field>
      <Button
        type="submit"
        size="sm"
        variant="primary"
        className="self-end"
        reason={name.trim() === "" ? m.payments_view_unnamed() : null}
      >
        {m.payments_view_save()}
      </Button>
    </form>
  );
}
