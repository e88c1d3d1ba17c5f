import type { ReactNode } from "react";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";

interface Props {
  onCancel(): void;
  /** The button that does it. */
  children: ReactNode;
}

/** The buttons of a form in a dialog, at its end. */
export function FormButtons({ onCancel, children }: Props) {
  return (
    <div className="-mx-5 -mb-4 flex flex-wrap justify-end gap-2 border-t px-5 py-3">
      <Button onClick={onCancel}>{m.ui_cancel()}</Button>
      {children}
    </div>
  );
}
