import { ChevronDown, ChevronUp, X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { m } from "../i18n/messages";
import { IconButton } from "./IconButton";
import { overlayIsOpen } from "./overlay";
import { preferences } from "./preferences";
import { isTyping } from "./typing";

interface Props {
  title: ReactNode;
  /** Under the title. */
  subtitle?: ReactNode;
  onClose(): void;
  /** Goes to the record before (-1) or after (1) it; also with K and J. */
  onMove?: ((step: 1 | -1) => void) | undefined;
  footer?: ReactNode;
  children: ReactNode;
}

/**
 * A record beside its list, which stays usable: 480 px from the right, over the list where the window is
 * narrow. It has a route of its own, so it is open as long as it is rendered. Esc closes it.
 */
export function Drawer({ title, subtitle, onClose, onMove, footer, children }: Props) {
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    const opener = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      // A table that shows the record takes the focus itself; otherwise it goes back to where it was.
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && opener instanceof HTMLElement && opener.isConnected) {
          opener.focus();
        }
      });
    };
  }, []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || overlayIsOpen()) {
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        onClose();
        return;
      }
      const step = { j: 1, k: -1 }[event.key] as 1 | -1 | undefined;
      if (onMove !== undefined && step !== undefined && preferences().letterKeys && !isTyping(event)) {
        event.preventDefault();
        onMove(step);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [onClose, onMove]);

  return (
    <aside
      ref={panel}
      data-drawer
      role="dialog"
      aria-labelledby={titleId}
      tabIndex={-1}
      className="absolute inset-y-0 right-0 z-20 flex w-[30rem] max-w-full animate-drawer flex-col border-l bg-surface shadow-overlay outline-none wide:shadow-none"
    >
      <header className="flex min-h-13 shrink-0 items-start gap-2 border-b px-5 py-3">
        <div className="mr-auto min-w-0">
          <h2 id={titleId} className="text-section break-words">
            {title}
          </h2>
          {subtitle !== undefined && <div className="text-text-2">{subtitle}</div>}
        </div>
        {onMove !== undefined && (
          <>
            <IconButton icon={ChevronUp} label={m.ui_previous()} onClick={() => onMove(-1)} />
            <IconButton icon={ChevronDown} label={m.ui_next()} onClick={() => onMove(1)} />
          </>
        )}
        <IconButton icon={X} label={m.ui_close()} onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
      {footer !== undefined && (
        <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t px-5 py-3">
          {footer}
        </footer>
      )}
    </aside>
  );
}
