import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import { type ReactNode, useRef } from "react";
import { m } from "../i18n/messages";
import { Button } from "./Button";
import { cn } from "./cn";
import { DialogBody } from "./DialogBody";
import { backdropLook, popupLook } from "./overlay";

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description: ReactNode;
  /** The button that does it. It closes nothing by itself: close when it is done. */
  confirm: ReactNode;
  /** What closes it says; by default Cancel. */
  dismiss?: string;
  wide?: boolean;
  children?: ReactNode;
}

/** Asks before something that cannot be undone. Focus begins on Cancel; only a decision closes it. */
export function AlertDialog({
  open,
  onOpenChange,
  title,
  description,
  confirm,
  dismiss = m.ui_cancel(),
  wide = false,
  children,
}: Props) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup initialFocus={cancel} className={cn(popupLook, wide ? "w-[40rem]" : "w-[28rem]")}>
          <DialogBody>
            <Base.Title className="text-section">{title}</Base.Title>
            <Base.Description className="mt-1 text-body text-text-2">{description}</Base.Description>
            {children !== undefined && <div className="mt-4">{children}</div>}
          </DialogBody>
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">
            <Base.Close render={<Button ref={cancel}>{dismiss}</Button>} />
            {confirm}
          </footer>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
