import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cn } from "./cn";
import { controlLook } from "./Input";
import { listItemLook, listLook } from "./overlay";

interface Item<Value extends string> {
  value: Value;
  label: string;
}

interface Props<Value extends string> {
  value: Value;
  onValueChange(value: Value): void;
  items: readonly Item<Value>[];
  /** What is chosen here. Inside a `Field` its label says so, and this is left out. */
  label?: string;
  className?: string;
}

/** One of a few. */
export function Select<Value extends string>({
  value,
  onValueChange,
  items,
  label,
  className,
}: Props<Value>) {
  return (
    <Base.Root
      items={items}
      value={value}
      onValueChange={(chosen) => chosen !== null && onValueChange(chosen)}
    >
      <Base.Trigger
        {...(label !== undefined && { "aria-label": label })}
        className={cn(controlLook, "justify-between gap-2 px-2.5 text-left text-body", className)}
      >
        <Base.Value />
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-text-2" strokeWidth={1.5} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className={cn(listLook, "min-w-(--anchor-width)")}>
            <Base.List>
              {items.map((item) => (
                <Base.Item key={item.value} value={item.value} className={listItemLook}>
                  <span className="size-4">
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-4" strokeWidth={1.5} />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText>{item.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
