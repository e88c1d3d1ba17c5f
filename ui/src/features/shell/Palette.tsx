import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useState } from "react";
import { m } from "../../i18n/messages";
import { backdropLook } from "../../ui/overlay";
import { PaletteActions } from "./PaletteActions";
import { PaletteFinds } from "./PaletteFinds";

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
  onKeys(): void;
}

/** Everything that can be gone to or done, by its name. */
export function Palette({ open, onOpenChange, onKeys }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropLook} />
        <Dialog.Popup
          aria-label={m.shell_palette()}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[36rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-card border bg-surface text-body shadow-overlay outline-none transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0"
        >
          <Choices close={() => onOpenChange(false)} onKeys={onKeys} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** How well a choice fits what was typed: each word has to begin one of its words, or at least stand in it. */
function fitting(value: string, typed: string): number {
  const [words, text] = [value.toLowerCase(), typed.trim().toLowerCase()];
  const parts = text.split(/\s+/);
  if (!parts.every((part) => words.includes(part))) {
    return 0;
  }
  return words.startsWith(text) ? 1 : parts.every((part) => ` ${words}`.includes(` ${part}`)) ? 0.8 : 0.5;
}

function Choices({ close, onKeys }: { close(): void; onKeys(): void }) {
  const [text, setText] = useState("");
  return (
    <Command label={m.shell_palette()} loop filter={fitting} className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search aria-hidden className="size-4 shrink-0 text-text-2" strokeWidth={1.5} />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={m.shell_palette_hint()}
          className="min-h-12 min-w-0 flex-1 bg-transparent text-form outline-none placeholder:text-text-3"
        />
      </div>
      <Command.List className="min-h-0 overflow-y-auto p-2">
        <Command.Empty className="px-3 py-8 text-center text-text-2">{m.shell_palette_empty()}</Command.Empty>
        <PaletteActions typed={text} close={close} onKeys={onKeys} />
        <PaletteFinds text={text} close={close} />
      </Command.List>
    </Command>
  );
}
