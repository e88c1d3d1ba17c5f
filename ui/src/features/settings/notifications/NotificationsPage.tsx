import { notifyQuery } from "../../../api/notify";
import { usePlatform } from "../../../api/platform-context";
import { m } from "../../../i18n/messages";
import { Section } from "../Section";
import { SettingsSheet } from "../SettingsSheet";
import { Events } from "./Events";
import { Least } from "./Least";
import { Quiet } from "./Quiet";

/** What the seller is told of, how, and when it is quiet. */
export function NotificationsPage() {
  return (
    <SettingsSheet
      title={m.notify_title()}
      hash="notifications"
      query={notifyQuery(usePlatform())}
      failed={m.notify_failed()}
    >
      {(data) => (
        <>
          <Events items={data.items} />
          <Section title={m.notify_when()} text={m.notify_when_text()}>
            <Quiet view={data} />
            <Least saved={data.least} />
          </Section>
        </>
      )}
    </SettingsSheet>
  );
}
