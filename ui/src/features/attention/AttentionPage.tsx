import { m } from "../../i18n/paraglide/messages";
import { Page } from "../../ui/Page";

export function AttentionPage() {
  return <Page title={m.attention_title()} />;
}
