import { Eye, EyeOff, Search } from "lucide-react";
import { m } from "../../i18n/messages";
import { IconButton } from "../../ui/IconButton";
import { Kbd } from "../../ui/Kbd";
import { prefer, usePreferences } from "../../ui/preferences";
import { Bell } from "./Bell";
import { MOD } from "./keys";

/** What stands in the title row of every page. */
export function Tools({ onSearch }: { onSearch(): void }) {
  const { amountsHidden } = usePreferences();
  return (
    <>
      <button
        type="button"
        onClick={onSearch}
        className="flex min-h-8 items-center gap-2 rounded-control border border-control-border/50 bg-bg px-2.5 text-text-2 hover:bg-surface-2 mid:@min-[40rem]:w-60"
      >
        <Search aria-hidden className="size-4 shrink-0" strokeWidth={1.5} />
        <span className="sr-only mid:@min-[40rem]:not-sr-only mid:@min-[40rem]:truncate">
          {m.shell_search()}
        </span>
        <span aria-hidden className="ml-auto hidden shrink-0 gap-0.5 mid:@min-[40rem]:inline-flex">
          <Kbd>{MOD}</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <Bell />
      <IconButton
        icon={amountsHidden ? EyeOff : Eye}
        label={amountsHidden ? m.shell_show() : m.shell_hide()}
        aria-pressed={amountsHidden}
        onClick={() => prefer({ amountsHidden: !amountsHidden })}
      />
    </>
  );
}
