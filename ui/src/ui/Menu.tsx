import { Menu as Base } from "@base-ui/react/menu";
import { Ellipsis, type LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { cn } from "./cn";
import { IconButton } from "./IconButton";
import { listItemLook, listLook } from "./overlay";

interface Item {
  name: string;
  label: string;
  icon: LucideIcon;
  /** It takes something away. */
  danger?: boolean;
  onSelect(): void;
}

interface Props {
  /** What is chosen here, for the button's words. */
  label: string;
  items: readonly Item[];
  size?: "md" | "sm";
  /** Another button than three dots; it carries its own words. */
  trigger?: ReactElement;
}

/** What else can be done, behind one button. */
export function Menu({ label, items, size = "md", trigger }: Props) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger ?? <IconButton icon={Ellipsis} label={label} size={size} />} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50">
          <Base.Popup className={listLook}>
            {items.map(({ name, label: words, icon: Icon, danger = false, onSelect }) => (
              <Base.Item key={name} onClick={onSelect} className={cn(listItemLook, danger && "text-failed")}>
                <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
                {words}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
