import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";

export function HomePage() {
  return <Page title={m.home_title()} />;
}
