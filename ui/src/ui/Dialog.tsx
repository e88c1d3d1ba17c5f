import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, type RefObject, useRef } from "react";
import { m } from "../i18n/messages";
import { cn } from "./cn";
import { DialogBody } from "./DialogBody";
import { IconButton } from "./IconButton";
import { backdropLook, popupLook } from "./overlay";
import { isTextField } from "./typing";

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  /** Where focus goes when it opens; by default the first thing that can hold it. */
  initialFocus?: RefObject<HTMLElement | null>;
  wide?: boolean;
  /** The buttons, the primary one last. */
  footer?: ReactNode;
  children?: ReactNode;
}

/** A question or a form over the page. Esc closes it, and the backdrop too unless that would lose typed text. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  initialFocus,
  wide = false,
  footer,
  children,
}: Props) {
  const typed = useRef(new Set<HTMLInputElement | HTMLTextAreaElement>());
  const noteTyped = ({ target }: FormEvent<HTMLElement>) => {
    if (isTextField(target)) {
      typed.current.add(target);
    }
  };
  const change = (next: boolean, { reason, cancel }: Base.Root.ChangeEventDetails) => {
    const holdsText = [...typed.current].some((field) => field.isConnected && field.value !== "");
    if (reason === "outside-press" && holdsText) {
      cancel();
      return;
    }
    onOpenChange(next);
  };
  return (
    <Base.Root open={open} onOpenChange={change}>
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup
          {...(initialFocus && { initialFocus })}
          onInput={noteTyped}
          className={cn(popupLook, wide ? "w-[40rem]" : "w-[28rem]")}
        >
          <header className="px-5 pt-4 pr-14">
            <Base.Title className="text-section">{title}</Base.Title>
            {description !== undefined && (
              <Base.Description className="mt-1 text-body text-text-2">{description}</Base.Description>
            )}
          </header>
          <DialogBody>{children}</DialogBody>
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">
              {footer}
            </footer>
          )}
          {/* Last in order, so that focus begins with what the dialog is about. */}
          <Base.Close
            render={<IconButton icon={X} label={m.ui_close()} className="absolute top-3 right-3" />}
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
