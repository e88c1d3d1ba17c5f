import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

interface Props {
  label: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  /** The one element it belongs to. It must be able to hold focus. */
  children: ReactElement;
}

/** A hint on hover and on focus. Never the only place where something is said. */
export function Tooltip({ label, side = "top", children }: Props) {
  return (
    <Base.Root
      // Esc is meant for what lies under the hint, such as the dialog that opened with the focus on its Close button.
      onOpenChange={(_, details) => details.reason === "escape-key" && details.allowPropagation()}
    >
      <Base.Trigger render={children} delay={400} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="max-w-80 rounded-control bg-text px-2 py-1 text-caption text-bg shadow-overlay transition-opacity duration-120 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {label}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
