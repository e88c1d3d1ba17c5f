import { Menu as Base } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { cn } from "./cn";
import { listItemLook, listLook } from "./overlay";

export interface MenuAction {
  label: string;
  icon?: LucideIcon;
  onSelect(): void;
  danger?: boolean;
  /** Why it cannot be chosen now. */
  reason?: string | null;
}

interface Props {
  /** The button that opens it. */
  trigger: ReactElement;
  /** Groups of actions, with a line between them. */
  groups: readonly (readonly MenuAction[])[];
}

/** Actions on one thing. */
export function Menu({ trigger, groups }: Props) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-50">
          <Base.Popup className={listLook}>
            {groups.map((actions, at) => (
              <Base.Group key={actions[0]?.label} className={cn(at > 0 && "mt-1 border-t pt-1")}>
                {actions.map(({ label, icon: Icon, onSelect, danger, reason = null }) => (
                  <Base.Item
                    key={label}
                    disabled={reason !== null}
                    onClick={onSelect}
                    className={cn(listItemLook, danger && "text-failed")}
                  >
                    {Icon && <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />}
                    <span>
                      {label}
                      {reason !== null && <span className="block text-caption text-text-2">{reason}</span>}
                    </span>
                  </Base.Item>
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
