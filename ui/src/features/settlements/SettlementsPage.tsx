import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";

export function SettlementsPage() {
  return <Page title={m.settlements_title()} />;
}
