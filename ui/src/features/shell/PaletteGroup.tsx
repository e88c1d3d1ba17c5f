import { Command } from "cmdk";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Choices of one kind. */
export function PaletteGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={title}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-caption [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-2"
    >
      {children}
    </Command.Group>
  );
}

interface Props {
  icon: LucideIcon;
  label: ReactNode;
  /** What it is found by; different for every choice. */
  value: string;
  /** Other words it is found by. */
  keywords?: string[];
  aside?: ReactNode;
  onSelect(): void;
}

/** One choice. */
export function PaletteItem({ icon: Icon, label, value, keywords = [], aside, onSelect }: Props) {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      onSelect={onSelect}
      className="flex min-h-9 cursor-default items-center gap-2.5 rounded-control px-2 select-none data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent-text"
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {aside !== undefined && (
        <span className="max-w-1/2 shrink-0 truncate text-caption text-text-2">{aside}</span>
      )}
    </Command.Item>
  );
}
