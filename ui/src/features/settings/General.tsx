import { LANGUAGES, NAMES } from "../../i18n/language";
import { m } from "../../i18n/messages";
import { formatUsd } from "../../lib/money";
import { absoluteTime, relativeTime } from "../../lib/time";
import { Choice } from "../../ui/Choice";
import { useNow } from "../../ui/now";
import { DENSITIES, prefer, usePreferences } from "../../ui/preferences";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { Row, Section } from "./Section";
import { ThemePreview } from "./ThemePreview";

const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

const SYSTEM_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES = ["system", "UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

const HALF_AN_HOUR = 30 * 60_000;

const DENSITY_WORDS = {
  compact: m.settings_density_compact,
  normal: m.settings_density_normal,
  comfortable: m.settings_density_comfortable,
};

/** How this window looks and listens. */
export function General() {
  const { language, theme, density, amountsHidden, letterKeys, timeZone } = usePreferences();
  const now = useNow();
  return (
    <Section anchor="general" title={m.settings_general()} text={m.settings_general_text()}>
      <Row
        title={m.settings_language()}
        text={m.settings_language_text()}
        control={
          <Select
            label={m.settings_language()}
            value={language}
            onValueChange={(value) => prefer({ language: value })}
            items={[
              { value: "system", label: m.settings_language_system() },
              ...LANGUAGES.map((value) => ({ value, label: NAMES[value] })),
            ]}
            className="w-44"
          />
        }
      />
      <Row
        title={m.settings_theme()}
        control={
          <Choice
            label={m.settings_theme()}
            items={[
              { value: "system", label: m.settings_theme_system() },
              { value: "light", label: m.settings_theme_light() },
              { value: "dark", label: m.settings_theme_dark() },
            ]}
            value={theme}
            onValueChange={(value) => prefer({ theme: value })}
          />
        }
      >
        <ThemePreview />
      </Row>
      <Row
        title={m.settings_density()}
        text={m.settings_density_text()}
        control={
          <Choice
            label={m.settings_density()}
            items={DENSITIES.map((value) => ({ value, label: DENSITY_WORDS[value]() }))}
            value={density}
            onValueChange={(value) => prefer({ density: value })}
          />
        }
      />
      <Row
        title={m.settings_formats()}
        text={m.settings_formats_text()}
        control={
          <div className="text-right tabular-nums">
            <div>{absoluteTime(now, true)}</div>
            <div className="text-text-2">
              {relativeTime(now - HALF_AN_HOUR, now)} · {formatUsd("1234.5")}
            </div>
          </div>
        }
      />
      <Row
        title={m.settings_zone()}
        text={m.settings_zone_text()}
        control={
          <Select
            label={m.settings_zone()}
            value={timeZone}
            onValueChange={(value) => prefer({ timeZone: value })}
            items={ZONES.map((value) => ({
              value,
              label: value === "system" ? m.settings_zone_system({ zone: SYSTEM_ZONE }) : value,
            }))}
            className="w-56"
          />
        }
      />
      <Row
        title={m.settings_hide()}
        text={m.settings_hide_text()}
        control={
          <Switch
            label={m.settings_hide()}
            labelHidden
            checked={amountsHidden}
            onCheckedChange={(isOn) => prefer({ amountsHidden: isOn })}
          />
        }
      />
      <Row
        title={m.settings_letters()}
        text={m.settings_letters_text({ mod: MOD })}
        control={
          <Switch
            label={m.settings_letters()}
            labelHidden
            checked={letterKeys}
            onCheckedChange={(isOn) => prefer({ letterKeys: isOn })}
          />
        }
      />
    </Section>
  );
}
