import { Popover } from "@base-ui/react/popover";
import { SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { m } from "../../i18n/messages";
import { formatCount } from "../../lib/money";
import { buttonLook } from "../../ui/Button";
import { cn } from "../../ui/cn";
import { listLook } from "../../ui/overlay";

interface Props {
  /** How many of them narrow the list now. */
  count: number;
  children: ReactNode;
}

/** The filters for which a narrow list has no room above it. */
export function MoreFilters({ count, children }: Props) {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonLook({ size: "sm", variant: count > 0 ? "chosen" : "secondary" })}>
        <SlidersHorizontal aria-hidden className="size-3.5" strokeWidth={1.5} />
        {m.payments_filter_more()}
        {count > 0 && <span className="tabular-nums">{formatCount(count)}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" className="z-50">
          <Popover.Popup
            aria-label={m.payments_filter_more()}
            className={cn(listLook, "flex w-96 max-w-[90vw] flex-wrap items-center gap-2 p-3")}
          >
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
