import { type ReactNode, useMemo, useState } from "react";
import { usePlatform } from "../../api/platform-context";
import { m } from "../../i18n/messages";
import { Announcer } from "../../ui/announce";
import { usePreferences } from "../../ui/preferences";
import { type Surroundings, SurroundingsProvider } from "../../ui/surroundings";
import { Toaster } from "../../ui/Toaster";
import { Banners } from "./Banners";
import { EnvironmentBar } from "./EnvironmentBar";
import { Palette } from "./Palette";
import { ShortcutSheet } from "./ShortcutSheet";
import { Sidebar } from "./Sidebar";
import { StallSwitchProvider } from "./StallSwitch";
import { Tools } from "./Tools";
import { useShortcuts } from "./useShortcuts";

/** The window around every page. It survives whatever happens to the page. */
export function Shell(props: Props) {
  return (
    <StallSwitchProvider>
      <Around {...props} />
    </StallSwitchProvider>
  );
}

interface Props {
  banner?: ReactNode;
  children: ReactNode;
}

function Around({ banner, children }: Props) {
  const platform = usePlatform();
  const { amountsHidden } = usePreferences();
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  useShortcuts(setOpen);
  const surroundings = useMemo<Surroundings>(
    () => ({
      copy: (text) => platform.copy(text),
      openUrl: (url) => platform.openUrl(url),
      save: (name, content) => platform.saveContent(name, content),
      showFile: (path) => platform.showFile(path),
      amountsHidden,
      tools: <Tools onSearch={() => setOpen("palette")} />,
    }),
    [platform, amountsHidden],
  );
  return (
    <SurroundingsProvider value={surroundings}>
      <div className="flex h-full flex-col">
        <a
          href="#page"
          className="fixed top-2 left-2 z-50 -translate-y-16 rounded-control bg-accent px-3 py-1.5 font-medium text-on-accent focus:translate-y-0"
        >
          {m.shell_skip()}
        </a>
        <EnvironmentBar />
        <div className="flex min-h-0 flex-1">
          <Sidebar />
          {/* What comes and goes moves the page alone: the side bar stays under the pointer. */}
          <div className="flex min-w-0 flex-1 flex-col">
            <Banners />
            {banner}
            <main
              id="page"
              tabIndex={-1}
              className="relative flex min-h-0 flex-1 flex-col overflow-hidden outline-none"
            >
              {children}
            </main>
          </div>
        </div>
      </div>
      {/* Never read later: what is typed right after its key has to go into it. */}
      <Palette
        open={open === "palette"}
        onOpenChange={(isOpen) => setOpen(isOpen ? "palette" : null)}
        onKeys={() => setOpen("keys")}
      />
      <ShortcutSheet open={open === "keys"} onOpenChange={(isOpen) => setOpen(isOpen ? "keys" : null)} />
      <Toaster />
      <Announcer />
    </SurroundingsProvider>
  );
}
