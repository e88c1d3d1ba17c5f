import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

interface Tab {
  value: string;
  label: ReactNode;
  panel: ReactNode;
}

interface Props {
  /** What the tabs choose between. */
  label: string;
  tabs: readonly Tab[];
  value: string;
  onValueChange(value: string): void;
}

/** Several views of one thing, one at a time. */
export function Tabs({ label, tabs, value, onValueChange }: Props) {
  return (
    <Base.Root value={value} onValueChange={onValueChange} className="flex min-h-0 flex-col gap-4">
      <Base.List aria-label={label} className="flex flex-wrap gap-x-3 border-b">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px min-h-9 border-b-2 border-transparent text-text-2 hover:text-text data-active:border-accent data-active:font-medium data-active:text-text"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="outline-offset-4">
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
