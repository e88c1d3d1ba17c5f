import { m } from "../../i18n/messages";
import { formatUsd } from "../../lib/money";
import { StateBadge } from "../../ui/StateBadge";

const THEMES = [
  { theme: "light", name: m.settings_theme_light },
  { theme: "dark", name: m.settings_theme_dark },
] as const;

/** A little of each theme, whichever is on. */
export function ThemePreview() {
  return (
    <fieldset className="mt-2 grid grid-cols-2 gap-3">
      <legend className="sr-only">{m.settings_preview()}</legend>
      {THEMES.map(({ theme, name }) => (
        <div key={theme} data-theme={theme} className="rounded-card border bg-bg p-3 text-text">
          <div className="flex flex-col gap-1 rounded-control border bg-surface p-2.5">
            <span className="text-caption text-text-2">
              {name()} · {m.settings_preview_amount()}
            </span>
            <span className="text-section tabular-nums">{formatUsd("6.40")}</span>
            <span>
              <StateBadge state="settled" />
            </span>
          </div>
        </div>
      ))}
    </fieldset>
  );
}
