import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Coins,
  Copy,
  Download,
  Eye,
  EyeOff,
  FilePlus2,
  Keyboard,
  Monitor,
  Moon,
  Pause,
  Play,
  Settings2,
  Sun,
  Timer,
} from "lucide-react";
import { usePlatform } from "../../api/platform-context";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { prefer, usePreferences } from "../../ui/preferences";
import { useCopy } from "../../ui/useCopy";
import { PaletteGroup, PaletteItem } from "./PaletteGroup";
import { PAGES, PLACES } from "./pages";
import { useStallSwitch } from "./StallSwitch";
import { useStanding } from "./standing";
import { useGoToPage } from "./useGoToPage";

interface Props {
  /** What is looked for: places that the sidebar lacks are many, and shown only then. */
  typed: string;
  close(): void;
  onKeys(): void;
}

/** The pages, and what can be done from anywhere. */
export function PaletteActions({ typed, close, onKeys }: Props) {
  const navigate = useNavigate();
  const { standing, url } = useStanding();
  const { turn } = useStallSwitch();
  const goTo = useGoToPage();
  const { copy } = useCopy();
  const { amountsHidden } = usePreferences();
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const isPractice = status?.environment === "practice";
  const places = typed === "" ? [] : PLACES.filter(({ practiceOnly }) => !practiceOnly || isPractice);
  const paused = standing === "paused";
  const then = (run: () => void) => () => {
    close();
    run();
  };
  return (
    <>
      <PaletteGroup title={m.shell_palette_pages()}>
        {PAGES.map(({ to, title, icon, key }) => (
          <PaletteItem
            key={to}
            icon={icon}
            label={title()}
            value={`${title()} ${to}`}
            aside={`G ${key.toUpperCase()}`}
            onSelect={then(() => goTo(to))}
          />
        ))}
        {places.map(({ to, hash, title, words = [] }) => (
          <PaletteItem
            key={to + (hash ?? "")}
            icon={Settings2}
            label={title()}
            value={`${[title, ...words].map((word) => word()).join(" ")} ${to}${hash ?? ""} `}
            aside={to === "/welcome" || to === "/live" ? undefined : m.settings_title()}
            onSelect={then(() => void navigate({ to, ...(hash !== undefined && { hash }) }))}
          />
        ))}
      </PaletteGroup>
      <PaletteGroup title={m.shell_palette_actions()}>
        <PaletteItem
          icon={FilePlus2}
          label={m.shell_do_price()}
          value={m.shell_do_price()}
          aside="N"
          onSelect={then(() => void navigate({ to: "/endpoints", search: { add: true } }))}
        />
        <PaletteItem
          icon={Coins}
          label={m.shell_do_settle()}
          value={m.shell_do_settle()}
          onSelect={then(() => void navigate({ to: ".", search: (known) => ({ ...known, settle: true }) }))}
        />
        <PaletteItem
          icon={Download}
          label={m.shell_do_export()}
          value={m.shell_do_export()}
          onSelect={then(
            () => void navigate({ to: ".", search: (known) => ({ ...known, export: "payments" }) }),
          )}
        />
        {standing !== "starting" && (
          <PaletteItem
            icon={paused ? Play : Pause}
            label={paused ? m.shell_do_resume() : m.shell_do_pause()}
            value={paused ? m.shell_do_resume() : m.shell_do_pause()}
            onSelect={then(() => turn(paused))}
          />
        )}
        {(standing === "selling" || standing === "offline") && (
          <PaletteItem
            icon={Timer}
            label={m.shell_do_pause_hour()}
            value={m.shell_do_pause_hour()}
            onSelect={then(() => turn(false, 60))}
          />
        )}
        {url !== null && (
          <PaletteItem
            icon={Copy}
            label={m.shell_do_copy()}
            value={m.shell_do_copy()}
            aside={url}
            onSelect={then(() => void copy(url))}
          />
        )}
        <PaletteItem
          icon={amountsHidden ? Eye : EyeOff}
          label={amountsHidden ? m.shell_show() : m.shell_hide()}
          value={amountsHidden ? m.shell_show() : m.shell_hide()}
          onSelect={then(() => prefer({ amountsHidden: !amountsHidden }))}
        />
        <PaletteItem
          icon={Sun}
          label={m.shell_do_light()}
          value={m.shell_do_light()}
          onSelect={then(() => prefer({ theme: "light" }))}
        />
        <PaletteItem
          icon={Moon}
          label={m.shell_do_dark()}
          value={m.shell_do_dark()}
          onSelect={then(() => prefer({ theme: "dark" }))}
        />
        <PaletteItem
          icon={Monitor}
          label={m.shell_do_system()}
          value={m.shell_do_system()}
          onSelect={then(() => prefer({ theme: "system" }))}
        />
        <PaletteItem
          icon={Keyboard}
          label={m.shell_do_keys()}
          value={m.shell_do_keys()}
          aside="?"
          onSelect={then(onKeys)}
        />
      </PaletteGroup>
    </>
  );
}
