import type { SettingSet } from "../../api/generated/SettingSet";
import type { SettingsView } from "../../api/generated/SettingsView";
import { refuse } from "./refuse";
import type { Stall } from "./stall";

const PUBLIC_URL = "public-url";

/** Every setting. */
export function getSettings(stall: Stall): SettingsView {
  return {
    items: [
      {
        key: PUBLIC_URL,
        value: stall.settings.get(PUBLIC_URL) ?? null,
        meaning: "Where buyers reach the stall, such as https://stall.example; by default its own address.",
      },
    ],
  };
}

/** Changes a setting; an empty value brings the default back. */
export function setSetting(stall: Stall, { key, value }: SettingSet): SettingsView {
  if (key !== PUBLIC_URL) {
    throw refuse("not_found", `There is no setting ${key.slice(0, 100)}.`);
  }
  const url = value.trim().replace(/\/+$/, "");
  if (url === "") {
    stall.settings.delete(key);
  } else if (/^https?:\/\/[^/?#\s]+$/.test(url)) {
    stall.settings.set(key, url);
  } else {
    throw refuse("invalid_request", "An address begins with http:// or https:// and names a host.");
  }
  stall.events.changed("settings");
  return getSettings(stall);
}
