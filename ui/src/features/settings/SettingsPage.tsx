import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";

export function SettingsPage() {
  return <Page title={m.settings_title()} />;
}
